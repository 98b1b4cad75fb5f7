/// A subscriber that is called by HTTP.
public struct WebhookSettings: Hashable, Sendable {
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// The whole CloudEvent as JSON in the body.
        case structured
        /// The data in the body, the attributes in `ce-` headers.
        case binary
        /// A JSON array of CloudEvents in the body.
        case batch
    }

    /// `http` or `https`, with a host.
    public var url: String
    /// Standard Webhooks secrets, `whsec_` and Base64; the first signs first. Empty: requests are not signed.
    public var secrets: [String]
    public var mode: Mode
    /// Requests under way at once, each of other keys.
    public var concurrency: Int
    /// How long a whole answer may take.
    public var timeout: Duration
    /// More headers of every request, in the file's order.
    public var headers: [NamedText]
    /// A file with the bearer token of every request.
    public var bearerFile: String?
    /// Whether private, loopback and link-local addresses may be called.
    public var allowPrivate: Bool
    /// Certificates in PEM of the authorities that an `https` peer's must come from; nil: the system's.
    public var caFile: String?

    public init(
        url: String, secrets: [String] = [], mode: Mode = .structured, concurrency: Int = 8,
        timeout: Duration = .seconds(10), headers: [NamedText] = [], bearerFile: String? = nil,
        allowPrivate: Bool = true, caFile: String? = nil
    ) {
        self.url = url
        self.secrets = secrets
        self.mode = mode
        self.concurrency = concurrency
        self.timeout = timeout
        self.headers = headers
        self.bearerFile = bearerFile
        self.allowPrivate = allowPrivate
        self.caFile = caFile
    }
}

/// A name that the file makes up, and its text.
public struct NamedText: Hashable, Sendable {
    public var name: String
    public var text: String

    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}
