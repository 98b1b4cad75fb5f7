#if NATS
    /// Subjects out of `shop.{type}`.
    struct NATSSubject: Sendable {
        /// What stands around each `{type}`.
        private let parts: [String]

        init(template: String) {
            parts = template.split(separator: "{type}", omittingEmptySubsequences: false).map(String.init)
        }

        /// The subject of a type. The type's dots divide tokens, as subjects do. What a token cannot have
        /// is `_` in it: spaces, control characters, `*` and `>`, a `$` at the subject's beginning, where
        /// it would be the server's own; and so is a token without any character.
        func subject(ofType type: String) -> String {
            var legal: [UInt8] = []
            for byte in type.utf8 { legal.append(Self.isLegal(byte) ? byte : UInt8(ascii: "_")) }
            let text = parts.joined(separator: String(decoding: legal, as: UTF8.self))
            var out: [UInt8] = []
            let dot = UInt8(ascii: ".")
            for byte in text.utf8 {
                if byte == dot, out.isEmpty || out.last == dot { out.append(UInt8(ascii: "_")) }
                out.append(byte)
            }
            if out.isEmpty || out.last == dot { out.append(UInt8(ascii: "_")) }
            if out[0] == UInt8(ascii: "$"), parts.first?.isEmpty == true { out[0] = UInt8(ascii: "_") }
            return String(decoding: out, as: UTF8.self)
        }

        /// The subjects of all types, for a stream: `shop.>`, or `shop.*.new` where `{type}` is not last.
        ///
        /// A token of which `{type}` is only a part is `*` too: wildcards stand for whole tokens.
        var pattern: String {
            let template = parts.joined(separator: "{type}")
            let tokens = template.split(separator: ".", omittingEmptySubsequences: false)
            return tokens.enumerated().map { index, token in
                guard token.contains("{type}") else { return String(token) }
                return index == tokens.count - 1 ? ">" : "*"
            }.joined(separator: ".")
        }

        /// The name of the stream that `create` makes: the template's fixed words with `_` between.
        var streamName: String {
            let words = parts.joined(separator: ".").split { character in
                !character.utf8.allSatisfy { Self.isLegal($0) } || character == "." || character == "/"
                    || character == "\\"
            }
            return words.isEmpty ? "lode" : words.joined(separator: "_")
        }

        /// What is wrong with the template itself, and with a stream for it; nil: nothing.
        func mistake(creates: Bool) -> String? {
            let fixed = parts.joined()
            if let character = fixed.first(where: { !$0.utf8.allSatisfy(Self.isLegal) }) {
                return "subject has “\(character)”, which no subject that is sent to can have; leave it out"
            }
            let template = parts.joined(separator: "{type}")
            if template.split(separator: ".", omittingEmptySubsequences: false).contains(where: \.isEmpty) {
                return
                    "subject has a word without a letter, for it begins or ends with “.” or has “..”; write “shop.{type}”"
            }
            if template.utf8.count > Self.longest { return "subject is longer than \(Self.longest) bytes; shorten it" }
            if creates, pattern.hasPrefix(">") || pattern.hasPrefix("*") {
                return "create needs a subject that begins with a word of its own, for its stream takes "
                    + "“\(pattern)”; write “shop.{type}”"
            }
            return nil
        }

        /// In bytes. A server takes a whole protocol line of 4,096, of which the inbox needs some.
        static let longest = 2048

        private static func isLegal(_ byte: UInt8) -> Bool {
            byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: "*") && byte != UInt8(ascii: ">")
        }
    }
#endif
