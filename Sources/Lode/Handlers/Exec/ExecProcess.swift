import CSpawn
import Foundation

/// A child process that leads a process group of its own, with its three standard streams as pipes.
///
/// Not Foundation's `Process`: that puts no child in a group of its own, and leaves it the signals that
/// this process ignores or blocks.
struct ExecProcess: Sendable {
    /// Of the process and of its group. Nobody else can get it before ``reap()``.
    let id: pid_t
    /// This process's ends: not blocking, and no later child inherits them.
    let input: Int32
    let output: Int32
    let error: Int32

    /// How it ended.
    enum End: Equatable, Sendable {
        case code(Int32)
        case signal(Int32)
    }

    // MARK: - Start

    /// - Parameter environment: More than this process's own.
    /// - Throws: ``ExecFault``, in the system's words.
    static func start(_ command: [String], environment: [String: String]) throws(ExecFault) -> ExecProcess {
        var ends: [(reading: Int32, writing: Int32)] = []
        func closeAll() { for end in ends { for file in [end.reading, end.writing] { _ = close(file) } } }
        for _ in 0..<3 {
            guard let end = pipe() else {
                let failure = failure("no pipe", errno)
                closeAll()
                throw failure
            }
            ends.append(end)
        }
        let (id, code) = spawn(
            command, environment: environment, files: [ends[0].reading, ends[1].writing, ends[2].writing])
        guard code == 0 else {
            closeAll()
            throw failure("\(command[0]) cannot be started", code)
        }
        for file in [ends[0].reading, ends[1].writing, ends[2].writing] { _ = close(file) }
        for file in [ends[0].writing, ends[1].reading, ends[2].reading] { _ = fcntl(file, F_SETFL, O_NONBLOCK) }
        return ExecProcess(id: id, input: ends[0].writing, output: ends[1].reading, error: ends[2].reading)
    }

    private static func failure(_ what: String, _ code: Int32) -> ExecFault {
        ExecFault(reason: "\(what): \(String(cString: strerror(code)))")
    }

    /// Both ends above the standard streams' numbers, should those be closed here, and closed by any exec.
    static func pipe() -> (reading: Int32, writing: Int32)? {
        var raw: [Int32] = [-1, -1]
        #if canImport(Darwin)
            guard Foundation.pipe(&raw) == 0 else { return nil }
        #else
            guard pipe2(&raw, O_CLOEXEC) == 0 else { return nil }
        #endif
        let ends = raw.map { fcntl($0, F_DUPFD_CLOEXEC, 3) }
        let code = errno
        for file in raw { _ = close(file) }
        guard ends[0] >= 0, ends[1] >= 0 else {
            for file in ends where file >= 0 { _ = close(file) }
            errno = code
            return nil
        }
        return (ends[0], ends[1])
    }

    /// - Returns: The process's id, and the error's number or 0.
    private static func spawn(_ command: [String], environment: [String: String], files: [Int32]) -> (pid_t, Int32) {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
            var flags = Int32(POSIX_SPAWN_CLOEXEC_DEFAULT)
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
            var flags: Int32 = 0
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, file) in files.enumerated() { posix_spawn_file_actions_adddup2(&actions, file, Int32(number)) }
        #if canImport(Glibc)
            // Files that a library of this process forgot to mark.
            posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        #endif
        // A group of its own, to be ended as a whole. Signals as a program expects them: what this process
        // ignores or blocks would be ignored or blocked in the child.
        flags |= Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
        posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        for fixed in [SIGKILL, SIGSTOP] { sigdelset(&signals, fixed) }
        posix_spawnattr_setsigdefault(&attributes, &signals)

        let all = ProcessInfo.processInfo.environment.merging(environment) { _, own in own }
        var arguments = command.map { strdup($0) } + [nil]
        var variables = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var id: pid_t = 0
        let code = posix_spawnp(&id, command[0], &actions, &attributes, &arguments, &variables)
        return (id, code)
    }

    // MARK: - End

    /// Sends a signal to the whole group.
    func signal(_ number: Int32) { _ = kill(-id, number) }

    /// Blocks until it has ended, and leaves its id taken.
    func waitForEnd() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    }

    /// Gives its id back. To be called once, after ``waitForEnd()`` returned.
    func reap() -> End {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        // As the macros of wait(2) have it.
        let signal = status & 0x7F
        return signal == 0 ? .code((status >> 8) & 0xFF) : .signal(signal)
    }

    /// Bytes of its standard input that it has not read; nil: that cannot be known.
    var unread: Int? {
        var count: Int32 = 0
        guard ioctl(input, UInt(FIONREAD), &count) == 0 else { return nil }
        return Int(count)
    }
}

/// What went wrong with a program, in words.
struct ExecFault: Error, Equatable {
    var reason: String
}
