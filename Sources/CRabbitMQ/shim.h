#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <amqp_ssl_socket.h>
#include <amqp_framing.h>

// Both of amqp.h's logins take a variable number of arguments, which Swift cannot call.
static inline amqp_rpc_reply_t lode_amqp_login(
    amqp_connection_state_t connection, const char *virtual_host, int frame_max, int heartbeat,
    const amqp_table_t *properties, const char *user, const char *password) {
    return amqp_login_with_properties(
        connection, virtual_host, 8, frame_max, heartbeat, properties, AMQP_SASL_METHOD_PLAIN, user, password);
}
