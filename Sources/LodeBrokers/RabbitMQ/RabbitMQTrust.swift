#if RabbitMQ
    import CRabbitMQ
    import LodeConfiguration

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Darwin)
        import Darwin
    #endif

    /// Whom a TLS connection trusts.
    enum RabbitMQTrust {
        /// Where systems keep the authorities that they trust. librabbitmq 0.11 has no way to ask OpenSSL for its own.
        private static let bundles = [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
            "/etc/ssl/cert.pem",
        ]

        /// Sets up a socket: TLS 1.2 or later, and the server's certificate and name are verified.
        ///
        /// - Returns: What is wrong with a file; nil: nothing.
        static func apply(_ settings: RabbitMQSettings, to socket: OpaquePointer) -> String? {
            amqp_ssl_socket_set_verify_peer(socket, 1)
            amqp_ssl_socket_set_verify_hostname(socket, 1)
            amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST)
            guard let authorities = settings.caFile ?? system else {
                return "no file of trusted authorities on this system; set ca_file"
            }
            var status = amqp_ssl_socket_set_cacert(socket, authorities)
            if status != AMQP_STATUS_OK.rawValue {
                return "ca_file \(authorities) cannot be used: \(RabbitMQFailure.words(status))"
            }
            guard let certificate = settings.certificateFile else { return nil }
            status = amqp_ssl_socket_set_key(socket, certificate, settings.keyFile ?? certificate)
            guard status != AMQP_STATUS_OK.rawValue else { return nil }
            return "cert_file \(certificate) and its key cannot be used: \(RabbitMQFailure.words(status))"
        }

        private static var system: String? {
            let named = getenv("SSL_CERT_FILE").map { String(cString: $0) }
            return ([named].compactMap { $0 } + bundles).first { access($0, R_OK) == 0 }
        }
    }
#endif
