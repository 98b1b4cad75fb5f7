#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How much the endpoint takes on at once. Past it clients wait, or are told to come later.
struct EndpointLimits: Sendable {
    /// Open connections; the next waits to be accepted.
    var connections: Int
    /// Of these, requests that wait for events, and streams; the next is refused with 503.
    var waiting: Int
    /// The longest that a client may not read what it was sent, before it is cut off.
    var stalledClient = Duration.seconds(60)
    /// How often a stream says that it lives.
    var keepAlive = Duration.seconds(15)

    static let most = 1000

    /// A thousand waiting requests, and fewer where the system gives the process few files: the
    /// journal and the sources need theirs.
    init() {
        var limit = rlimit()
        #if canImport(Glibc)
            let result = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #else
            let result = getrlimit(RLIMIT_NOFILE, &limit)
        #endif
        let files = result == 0 ? Int(clamping: limit.rlim_cur) : 256
        connections = max(32, min(Self.most + 100, files / 2))
        waiting = max(16, min(Self.most, connections - 50))
    }
}
