#if RabbitMQ
    import CRabbitMQ

    /// `amqps://user:password@host:port/virtual%20host`, read by librabbitmq.
    struct RabbitMQAddress: Sendable {
        let user: String
        let password: String
        let host: String
        let port: Int32
        let virtualHost: String
        let isTLS: Bool

        /// `host:port`, for people.
        var name: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }

        /// - Returns: nil when it is no such URL.
        init?(_ url: String) {
            var info = amqp_connection_info()
            var text = url.utf8CString
            // SAFETY: librabbitmq writes into these bytes, and its texts point into them; all are copied here.
            let read: (user: String, password: String, host: String, virtualHost: String)? =
                text.withUnsafeMutableBufferPointer {
                    guard amqp_parse_url($0.baseAddress, &info) == AMQP_STATUS_OK.rawValue,
                        let user = info.user, let password = info.password, let host = info.host,
                        let virtual = info.vhost
                    else { return nil }
                    return (
                        String(cString: user), String(cString: password), String(cString: host),
                        String(cString: virtual)
                    )
                }
            guard let read, !read.host.isEmpty else { return nil }
            (user, password, host) = (read.user, read.password, read.host)
            // `amqp://host/` names the virtual host with the empty name, which nobody has and many write.
            virtualHost = read.virtualHost.isEmpty ? "/" : read.virtualHost
            port = info.port
            isTLS = info.ssl != 0
        }
    }
#endif
