#if NATS || RabbitMQ
    import LodeCore
    import LodeDelivery

    /// An event's attributes as a broker's headers carry them: names as CloudEvents has them, values as
    /// the canonical strings (CloudEvents 1.0, section 3.1).
    struct CloudEventHeaders: Sendable {
        let id: [UInt8]
        let type: String
        let time: Timestamp?
        /// Without `datacontenttype`, for which brokers have a place of their own.
        let attributes: [(name: String, value: [UInt8])]

        init(_ event: OutgoingEvent) {
            id = event.idBytes
            type = event.type
            time = event.time
            var all: [(String, [UInt8])] = [
                ("specversion", Array("1.0".utf8)), ("id", id),
                ("source", Array(event.source.utf8)), ("type", Array(type.utf8)),
            ]
            if let time {
                var text: [UInt8] = []
                time.appendRFC3339(to: &text)
                all.append(("time", text))
            }
            if let key = event.key {
                all.append(("subject", key))
                all.append(("partitionkey", key))
            }
            all.append(("sequence", Array(event.sequence.utf8)))
            for (name, value) in event.extensions { all.append((name, Array(value.utf8))) }
            attributes = all
        }
    }
#endif
