#if RabbitMQ
    import CRabbitMQ
#endif
