#if Kafka
    /// Topics' names out of `shop.{type}`.
    struct KafkaTopicName: Sendable {
        /// What stands around each `{type}`.
        private let parts: [String]

        init(template: String) {
            parts = template.split(separator: "{type}", omittingEmptySubsequences: false).map(String.init)
        }

        /// The topic of a type. A byte that no topic's name can have is `_` in it: Kafka allows letters and
        /// digits of ASCII, `.`, `_` and `-`, as `org.apache.kafka.common.internals.Topic` has it.
        func name(forType type: String) -> String {
            var legal: [UInt8] = []
            for byte in type.utf8 { legal.append(Self.isLegal(byte) ? byte : UInt8(ascii: "_")) }
            return parts.joined(separator: String(decoding: legal, as: UTF8.self))
        }

        /// What is wrong with the template itself; nil: nothing.
        var mistake: String? {
            for character in parts.joined() where !character.utf8.allSatisfy(Self.isLegal) {
                return "topic has “\(character)”, which no topic's name can have; "
                    + "take letters, digits, “.”, “_” and “-”"
            }
            let length = parts.reduce(0) { $0 + $1.utf8.count }
            return length > Self.longest ? "topic has \(length) characters; Kafka allows \(Self.longest)" : nil
        }

        static let longest = 249

        private static func isLegal(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
#endif
