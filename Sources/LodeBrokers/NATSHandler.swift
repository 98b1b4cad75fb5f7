#if NATS
    import CNats
#endif
