import Foundation
import LodeDelivery
import Logging

/// What the thread of an ``ExecChild`` does: writes events, reads answers and complaints, keeps time, and
/// sees the process group to its end. Nothing in it blocks but `poll`.
struct ExecLoop {
    private enum Phase {
        case running
        /// Its standard input has ended; what is written of a line goes out first.
        case closing(until: ContinuousClock.Instant)
        case terminating(until: ContinuousClock.Instant)
        case killed
    }

    private let child: ExecChild
    private let process: ExecProcess
    private let bell: Int32
    private let logger: Logger
    private var phase = Phase.running
    private var conversation = ExecConversation()
    /// Whether it ever answered a whole batch.
    private var hasSettled = false
    private var answers = ExecOutputLines()
    private var complaints = ExecErrorLines()
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    /// Events that are not written yet, from `written` on.
    private var lines: [UInt8] = []
    private var written = 0
    private var isInputOpen = true
    private var isOutputOpen = true
    private var isErrorOpen = true
    /// When it last was given something to answer, or answered.
    private var lastProgress = ContinuousClock.now
    /// Why it is to be ended, and whether it had read of the batch by then.
    private var fault: (reason: String, hasRead: Bool)?
    /// A program that closes a stream is mostly about to end: its exit code says more.
    private var closed: (what: String, since: ContinuousClock.Instant)?

    init(_ child: ExecChild, process: ExecProcess, bell: Int32, logger: Logger) {
        self.child = child
        self.process = process
        self.bell = bell
        self.logger = logger
    }

    /// - Returns: What became of the batch under way, if there is one, and what becomes of one that comes
    ///   when it has ended.
    mutating func run() -> (batch: DeliveryReport, late: DeliveryReport) {
        // A program that has closed its standard input must end nobody but itself. Signals of a write
        // come to the thread that writes.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        while true {
            let inbox = child.takeInbox()
            if inbox.hasExited { return finish() }
            if let batch = inbox.batch { begin(batch) }
            if inbox.wantsStop, case .running = phase { close() }
            keepTime()
            wait()
        }
    }

    private mutating func begin(_ batch: ExecChild.Batch) {
        conversation.ask(batch.ids)
        lines = batch.lines
        written = 0
        lastProgress = .now
    }

    // MARK: - Time

    private mutating func keepTime() {
        let now = ContinuousClock.now
        if case .running = phase {
            if let closed, closed.since + .seconds(1) <= now {
                fail("the program closed its standard \(closed.what)")
            } else if conversation.isWaiting, lastProgress + child.settings.timeout <= now {
                fail("the program gave no answer within \(child.settings.timeout)")
            }
        }
        switch phase {
        case .closing(let until) where until <= now: terminate()
        case .terminating(let until) where until <= now:
            process.signal(SIGKILL)
            phase = .killed
            logger.warning("the program did not end on SIGTERM and was killed")
        default: break
        }
    }

    /// nil: nothing is due.
    private var deadline: ContinuousClock.Instant? {
        switch phase {
        case .running:
            let answer = conversation.isWaiting ? lastProgress + child.settings.timeout : nil
            let end = closed.map { $0.since + .seconds(1) }
            return [answer, end].compactMap { $0 }.min()
        case .closing(let until), .terminating(let until): return until
        case .killed: return nil
        }
    }

    // MARK: - Ending

    /// Something is wrong with the program: it is ended, and the batch fails when it is gone.
    private mutating func fail(_ reason: String) {
        guard fault == nil else { return }
        fault = (reason, hasRead)
        terminate()
    }

    /// Whether the program has taken a byte of the batch; true when that cannot be known.
    private var hasRead: Bool { process.unread.map { written > $0 } ?? true }

    private mutating func terminate() {
        closeInput()
        process.signal(SIGTERM)
        phase = .terminating(until: .now + child.settings.grace)
    }

    /// The clean way. What the program still answers is of no interest any more.
    private mutating func close() {
        child.answer(.each(conversation.outcomes))
        conversation = ExecConversation()
        // No event is cut off in its middle: a program may take half a line for a whole one.
        if written > 0, written < lines.count, lines[written - 1] != 0x0A {
            lines.removeSubrange((lines[written...].firstIndex(of: 0x0A).map { $0 + 1 } ?? lines.count)...)
        } else {
            lines = []
            written = 0
        }
        if written == lines.count { closeInput() }
        phase = .closing(until: .now + child.settings.grace)
    }

    private mutating func closeInput() {
        guard isInputOpen else { return }
        isInputOpen = false
        _ = Foundation.close(process.input)
    }

    /// The process has ended: so does what it left of its group.
    private mutating func finish() -> (batch: DeliveryReport, late: DeliveryReport) {
        let hasRead = fault?.hasRead ?? (isInputOpen ? self.hasRead : true)
        process.signal(SIGKILL)
        // What it said before it ended; a pipe holds no more than this.
        for _ in 0..<32 where isOutputOpen { if !readOutput() { break } }
        for _ in 0..<32 where isErrorOpen { if !readErrors() { break } }
        for line in complaints.end(at: .now) { log(line) }
        closeInput()
        for file in [process.output, process.error] { _ = Foundation.close(file) }
        let end =
            switch process.reap() {
            case .code(let code): "the program ended with exit code \(code) before it answered"
            case .signal(let number): "the program was ended by signal \(number) before it answered"
            }
        let reason = fault?.reason ?? end
        // One that did its work and ended while it had none is started anew, without a word. One that never
        // worked fails, or it would be started again and again.
        let late: DeliveryReport = hasSettled ? .each([]) : .failed(DeliveryFailure(.retry, .peer, reason))
        guard conversation.isWaiting else { return (late, late) }
        return (conversation.end(reason, hasRead: hasRead), late)
    }

    // MARK: - Streams

    private mutating func wait() {
        var files = [pollfd(fd: bell, events: Int16(POLLIN), revents: 0)]
        // A negative one is left alone.
        files.append(pollfd(fd: isOutputOpen ? process.output : -1, events: Int16(POLLIN), revents: 0))
        files.append(pollfd(fd: isErrorOpen ? process.error : -1, events: Int16(POLLIN), revents: 0))
        let isWriting = isInputOpen && written < lines.count
        files.append(pollfd(fd: isWriting ? process.input : -1, events: Int16(POLLOUT), revents: 0))
        guard poll(&files, nfds_t(files.count), milliseconds) > 0 else { return }
        if files[1].revents != 0 { _ = readOutput() }
        if files[2].revents != 0 { _ = readErrors() }
        if files[3].revents != 0 { writeLines() }
    }

    private var milliseconds: Int32 {
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = (deadline - .now).components
        // Rounded up, so that it is over when it wakes.
        return Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
    }

    private mutating func writeLines() {
        let count = lines[written...].withUnsafeBytes { write(process.input, $0.baseAddress, $0.count) }
        if count < 0 {
            guard errno != EAGAIN, errno != EINTR else { return }
            closed = closed ?? ("input", .now)
            // What is written is kept to be counted.
            lines.removeSubrange(written...)
            return
        }
        written += count
        if written == lines.count, case .closing = phase { closeInput() }
    }

    /// - Returns: Whether there may be more.
    private mutating func readOutput() -> Bool {
        let count = read(process.output, &buffer, buffer.count)
        guard count > 0 else {
            if count < 0, errno == EAGAIN || errno == EINTR { return false }
            isOutputOpen = false
            closed = closed ?? ("output", .now)
            return false
        }
        // After a fault, or when it is told to end, it may say what it likes.
        guard case .running = phase, fault == nil else { return true }
        answers.feed(buffer[..<count])
        do throws(ExecFault) {
            while let line = try answers.next() {
                if try conversation.take(line) { lastProgress = .now }
            }
        } catch {
            fail("the program wrote \(error.reason) to its standard output")
        }
        if fault == nil, !conversation.isWaiting, written == lines.count { settle() }
        return true
    }

    /// The batch is answered.
    private mutating func settle() {
        guard !conversation.outcomes.isEmpty else { return }
        child.answer(.each(conversation.outcomes))
        conversation = ExecConversation()
        hasSettled = true
        lines = []
        written = 0
    }

    private mutating func readErrors() -> Bool {
        let count = read(process.error, &buffer, buffer.count)
        guard count > 0 else {
            if count < 0, errno == EAGAIN || errno == EINTR { return false }
            isErrorOpen = false
            return false
        }
        for line in complaints.take(buffer[..<count], at: .now) { log(line) }
        return true
    }

    private func log(_ line: String) { logger.info("\(line)", metadata: ["stream": "standard error"]) }
}
