#if NATS
    import CNats
    import LodeConfiguration
    import LodeDelivery

    /// libnats' options for one server.
    struct NATSOptions: ~Copyable {
        /// SAFETY: made by `init`, destroyed by `deinit`, and lent for calls alone.
        private(set) var options: OpaquePointer?

        /// - Parameter number: What libnats hands to the callbacks.
        /// - Throws: What libnats has against the settings, such as a file that it cannot read.
        init(
            _ settings: NATSSettings, for address: NATSAddress, limits: NATSLimits, number: UInt
        ) throws(DeliveryFailure) {
            var options: OpaquePointer?
            var status = natsOptions_Create(&options)
            self.options = options
            func set(_ what: String, _ call: () -> natsStatus) throws(DeliveryFailure) {
                guard status == NATS_OK else { return }
                status = call()
                guard status != NATS_OK else { return }
                throw DeliveryFailure(.retry, .peer, "\(what): \(NATSFailure.words(status))")
            }
            let context = UnsafeMutableRawPointer(bitPattern: number)
            try set("url") { natsOptions_SetURL(options, address.url) }
            try set("options") { natsOptions_SetName(options, "lode") }
            try set("options") { natsOptions_SetTimeout(options, limits.connect.milliseconds) }
            try set("options") { natsOptions_SetWriteDeadline(options, limits.write.milliseconds) }
            // The delivery engine decides when to try again. A connection that breaks is over, so that
            // libnats keeps nothing back to send at a time of its own.
            try set("options") { natsOptions_SetAllowReconnect(options, false) }
            try set("options") { natsOptions_SetIgnoreDiscoveredServers(options, true) }
            try set("options") { natsOptions_SetPingInterval(options, 20_000) }
            try set("options") { natsOptions_SetMaxPingsOut(options, 2) }
            try set("options") { natsOptions_SetClosedCB(options, NATSSession.connectionClosed, context) }
            try set("options") { natsOptions_SetErrorHandler(options, NATSSession.errorReported, context) }
            if let file = settings.credentialsFile {
                try set("credentials_file") { natsOptions_SetUserCredentialsFromFiles(options, file, nil) }
            }
            guard address.isTLS else { return }
            try set("tls") { natsOptions_SetSecure(options, true) }
            // Whoever shows a certificate must be the host that was asked for.
            try set("tls") { natsOptions_SetExpectedHostname(options, address.host) }
            if let file = settings.caFile {
                try set("ca_file") { natsOptions_LoadCATrustedCertificates(options, file) }
            }
            if let certificate = settings.certificateFile {
                let key = settings.keyFile ?? certificate
                try set("cert_file") { natsOptions_LoadCertificatesChain(options, certificate, key) }
            }
        }

        deinit { natsOptions_Destroy(options) }
    }
#endif
