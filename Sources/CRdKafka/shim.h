#include <librdkafka/rdkafka.h>
// The mock cluster, which tests run against.
#include <librdkafka/rdkafka_mock.h>
