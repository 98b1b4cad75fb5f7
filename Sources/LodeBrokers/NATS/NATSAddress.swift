#if NATS
    /// One of the servers of `nats://a:4222,tls://user:password@b`.
    struct NATSAddress: Hashable, Sendable {
        /// As libnats takes it, with user and password: never to be printed.
        let url: String
        let host: String
        /// `host:port`, for people.
        let name: String
        let isTLS: Bool

        /// - Parameter text: As the configuration has it; empty parts are left out.
        static func all(in text: String) -> [NATSAddress] {
            text.split(separator: ",").map { NATSAddress(String($0.drop { $0 == " " })) }
        }

        private init(_ text: String) {
            let parts = text.split(separator: "://", maxSplits: 1)
            isTLS = parts.count == 2 && parts[0].lowercased() == "tls"
            url = parts.count == 2 ? text : "nats://" + text
            // What follows the last @ before any path is the place.
            let authority = (parts.last ?? "").prefix { $0 != "/" && $0 != "?" }
            let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
            let colon = place.lastIndex(of: ":")
            let bracket = place.lastIndex(of: "]")
            if let colon, bracket.map({ $0 < colon }) ?? true {
                host = String(place[..<colon].filter { $0 != "[" && $0 != "]" })
                name = String(place)
            } else {
                host = String(place.filter { $0 != "[" && $0 != "]" })
                name = place + ":4222"
            }
        }
    }
#endif
