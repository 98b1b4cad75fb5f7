import CPQ

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Threads for calls that block, which must not stand on Swift's cooperative pool: it has no more
/// threads than the machine has cores.
public enum BlockingThread {
    /// Runs `body` on a new thread and forgets it; whoever needs its end has `body` say so.
    ///
    /// - Parameter name: At most fifteen bytes, for the system's tools.
    public static func start(named name: String, _ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Body(name: name, run: body))
        #if canImport(Glibc)
            var thread = pthread_t()
        #else
            var thread: pthread_t?
        #endif
        let result = pthread_create(&thread, nil, runThread, box.toOpaque())
        guard result == 0 else {
            box.release()
            fatalError("the system has no thread left: \(result)")
        }
        #if canImport(Glibc)
            pthread_detach(thread)
        #else
            if let thread { pthread_detach(thread) }
        #endif
    }

    /// Runs `body` on a new thread and waits for it without blocking.
    public static func run<Result: Sendable>(
        named name: String, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            start(named: name) {
                continuation.resume(with: Swift.Result { try body() })
            }
        }
    }

    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    #if canImport(Glibc)
        private static let runThread: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { box in
            guard let box else { return nil }
            let body = Unmanaged<Body>.fromOpaque(box).takeRetainedValue()
            lode_name_thread(body.name)
            body.run()
            return nil
        }
    #else
        private static let runThread: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = { box in
            let body = Unmanaged<Body>.fromOpaque(box).takeRetainedValue()
            pthread_setname_np(body.name)
            body.run()
            return nil
        }
    #endif
}

extension BlockingThread {
    /// Blocks the calling thread.
    public static func sleep(_ pause: Duration) {
        let (seconds, attoseconds) = pause.components
        guard seconds >= 0, attoseconds >= 0 else { return }
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        nanosleep(&time, nil)
    }
}
