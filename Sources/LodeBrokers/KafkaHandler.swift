#if Kafka
    import CRdKafka
#endif
