import CPQ

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Wakes a thread out of `poll`. Any thread may signal.
final class WakeDescriptor: Sendable {
    /// To poll for reading.
    let descriptor: Int32
    private let writing: Int32

    init() {
        #if canImport(Glibc)
            descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
            writing = descriptor
        #else
            var ends: [Int32] = [-1, -1]
            _ = pipe(&ends)
            for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
            descriptor = ends[0]
            writing = ends[1]
        #endif
    }

    deinit {
        close(descriptor)
        if writing != descriptor { close(writing) }
    }

    func signal() {
        var one: UInt64 = 1
        // A full counter is signalled already.
        _ = write(writing, &one, 8)
    }

    func clear() {
        var count: UInt64 = 0
        while read(descriptor, &count, 8) == 8 {}
    }
}
