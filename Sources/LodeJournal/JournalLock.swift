#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Keeps a second daemon off the journal: the system lets go of the lock when the process ends,
/// however it ends.
final class JournalLock: Sendable {
    private let descriptor: Int32

    init(path: String) throws(JournalError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw JournalError(
                "\(path) cannot be written (\(String(cString: strerror(errno)))); "
                    + "correct `journal: path:` or its folder's rights", verdict: .stop)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw JournalError(
                "another lode uses the journal beside \(path); stop it, or set another `journal: path:`",
                verdict: .stop, isInUse: true)
        }
    }

    func release() { _ = flock(descriptor, LOCK_UN) }

    deinit { close(descriptor) }
}
