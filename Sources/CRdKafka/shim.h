#include <librdkafka/rdkafka.h>
// The mock cluster, which tests run against.
#include <librdkafka/rdkafka_mock.h>

// rd_kafka_producev takes its arguments as C's variadic ones, which Swift cannot call. Key and value are
// copied. The headers belong to librdkafka when this returns no error, else still to the caller.
static inline rd_kafka_resp_err_t lode_kafka_produce(
    rd_kafka_t *handle, rd_kafka_topic_t *topic, const void *key, size_t key_size, const void *value,
    size_t value_size, int64_t timestamp, rd_kafka_headers_t *headers, void *opaque) {
    return rd_kafka_producev(
        handle, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY(key, key_size), RD_KAFKA_V_VALUE((void *)value, value_size),
        RD_KAFKA_V_TIMESTAMP(timestamp), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(opaque),
        RD_KAFKA_V_END);
}
