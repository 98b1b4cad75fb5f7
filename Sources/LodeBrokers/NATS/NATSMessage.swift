#if NATS
    import CNats
    import LodeCore
    import LodeDelivery

    /// An event as a NATS message, by the CloudEvents NATS binding 1.0.3 in binary mode (section 3.1).
    ///
    /// Owns libnats' message until ``take()`` gives it away.
    struct NATSMessage: ~Copyable {
        let subject: String
        /// Headers and data, as the server counts them against its max_payload.
        private(set) var size: Int
        private var message: OpaquePointer?

        /// - Returns: nil when libnats has no memory left.
        init?(_ event: OutgoingEvent, subject: String) {
            self.subject = subject
            let data = event.data
            let headers = CloudEventHeaders(event)
            // `NATS/1.0` and the empty line, each with a line break (ADR-4 of NATS).
            size = 12 + (data?.count ?? 0)
            var message: OpaquePointer?
            let status = (data ?? []).withUnsafeBytes { bytes in
                natsMsg_Create(
                    &message, subject, nil, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                    Int32(truncatingIfNeeded: bytes.count))
            }
            guard status == NATS_OK, let message else { return nil }
            self.message = message
            var isWhole = true
            for (name, value) in headers.attributes { isWhole = add("ce-" + name, Self.encoded(value)) && isWhole }
            if data != nil {
                let json = Array("application/json".utf8)
                isWhole = add("ce-datacontenttype", json) && add("content-type", json) && isWhole
            }
            isWhole = add("Nats-Msg-Id", Self.messageID(headers.id)) && isWhole
            guard isWhole else { return nil }
        }

        deinit {
            if let message { natsMsg_Destroy(message) }
        }

        /// The message, which is the caller's now.
        mutating func take() -> OpaquePointer? {
            defer { message = nil }
            return message
        }

        private mutating func add(_ name: String, _ value: [UInt8]) -> Bool {
            size += name.utf8.count + value.count + 4
            // A C text ends at its first zero byte; encoded values have none.
            return natsMsgHeader_Set(message, name, String(decoding: value, as: UTF8.self)) == NATS_OK
        }

        /// Percent-encoded as the binding has it (3.1.3.2): space, `"`, `%`, and what is not printable ASCII.
        static func encoded(_ value: [UInt8]) -> [UInt8] {
            if value.allSatisfy({ isPrintable($0) && $0 != 0x22 && $0 != 0x25 }) { return value }
            var out: [UInt8] = []
            for byte in value {
                if isPrintable(byte), byte != 0x22, byte != 0x25 {
                    out.append(byte)
                } else {
                    out.append(0x25)
                    for digit in [byte >> 4, byte & 15] { out.append(digit < 10 ? 48 + digit : 55 + digit) }
                }
            }
            return out
        }

        /// The id as it is, unless a header cannot hold it.
        static func messageID(_ id: [UInt8]) -> [UInt8] { id.allSatisfy(isPrintable) ? id : encoded(id) }

        private static func isPrintable(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }
    }
#endif
