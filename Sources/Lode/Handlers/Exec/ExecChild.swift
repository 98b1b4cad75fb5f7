import Foundation
import LodeDelivery
import LodePostgres
import Logging
import Synchronization

/// One run of a program, from its start to the end of its process group.
///
/// A thread of its own does everything with the process; this is what others hold of it. One exchange at
/// a time.
final class ExecChild: Sendable {
    struct Settings: Sendable {
        var command: [String]
        /// Of the subscriber, for the program's environment.
        var name: String
        /// The program may leave answers due for so long without giving one.
        var timeout: Duration
        /// How long it may take to end when its standard input has ended, and again after SIGTERM.
        var grace = Duration.seconds(5)
    }

    struct Batch: Sendable {
        /// In the batch's order.
        var ids: [[UInt8]]
        /// The events, a line each.
        var lines: [UInt8]
    }

    /// What its thread finds to do when it wakes.
    struct Inbox: Sendable {
        var batch: Batch?
        var wantsStop = false
        var hasExited = false
    }

    private struct State {
        var inbox = Inbox()
        /// What becomes of a batch that comes now; not nil when it has ended.
        var late: DeliveryReport?
        var hasEnded: Bool { late != nil }
        var answer: CheckedContinuation<DeliveryReport, Never>?
        var nextWait = 0
        var waits: [Int: CheckedContinuation<Void, Never>] = [:]
        /// A pipe that wakes the thread; nil: none was to be had, or it is closed.
        var bell: (reading: Int32, writing: Int32)?
    }

    let settings: Settings
    private let logger: Logger
    private let state: Mutex<State>

    /// Starts the program. Whether that went well the first exchange tells.
    init(_ settings: Settings, logger: Logger) {
        self.settings = settings
        self.logger = logger
        let bell = ExecProcess.pipe()
        if let bell { for end in [bell.reading, bell.writing] { _ = fcntl(end, F_SETFL, O_NONBLOCK) } }
        state = Mutex(State(bell: bell))
        BlockingThread.start(named: "lode-exec") { self.run(bell: bell?.reading) }
    }

    private func run(bell: Int32?) {
        do throws(ExecFault) {
            guard let bell else { throw ExecFault(reason: "no pipe: \(String(cString: strerror(errno)))") }
            let process = try ExecProcess.start(settings.command, environment: ["LODE_SUBSCRIBER": settings.name])
            BlockingThread.start(named: "lode-exec-wait") {
                process.waitForEnd()
                self.wake { $0.hasExited = true }
            }
            var loop = ExecLoop(self, process: process, bell: bell, logger: logger)
            let (batch, late) = loop.run()
            end(batch, late: late)
        } catch {
            let report = DeliveryReport.failed(DeliveryFailure(.retry, .peer, error.reason))
            end(report, late: report)
        }
    }

    // MARK: - For the handler

    /// Whether it takes another batch.
    var isUsable: Bool { state.withLock { !$0.hasEnded && !$0.inbox.wantsStop } }

    /// Gives it events and waits for the answers. When the task is cancelled the program is told to
    /// stop, and what it answered by then is returned.
    ///
    /// After a failure of the program itself this returns when its process group has ended, so that no
    /// later program works at the same events beside it.
    func exchange(_ batch: Batch) async -> DeliveryReport {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let refusal: DeliveryReport? = state.withLock { state in
                    if let late = state.late { return late }
                    guard !state.inbox.wantsStop, state.answer == nil else { return .each([]) }
                    state.answer = continuation
                    state.inbox.batch = batch
                    return nil
                }
                if let refusal { continuation.resume(returning: refusal) } else { wake { _ in } }
            }
        } onCancel: {
            stop()
        }
    }

    /// Has it end: by the end of its standard input, then SIGTERM, then SIGKILL.
    func stop() { wake { $0.wantsStop = true } }

    /// Returns when no process of it is left. A cancelled task waits as well: it is for ``ExecHandler/close()``.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { wait(continuation, in: &state) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    /// The same, but returns soon when the task is cancelled.
    ///
    /// - Returns: Whether it has ended.
    func waitForEndUnlessCancelled() async -> Bool {
        let number = state.withLock { state in
            state.nextWait += 1
            return state.nextWait
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if state.hasEnded || Task.isCancelled { return true }
                    state.waits[number] = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waits.removeValue(forKey: number) }?.resume()
        }
        return state.withLock { $0.hasEnded }
    }

    private func wait(_ continuation: CheckedContinuation<Void, Never>, in state: inout State) {
        state.nextWait += 1
        state.waits[state.nextWait] = continuation
    }

    // MARK: - For its thread

    /// What came since the last look.
    func takeInbox() -> Inbox {
        state.withLock { state in
            var byte = [UInt8](repeating: 0, count: 64)
            if let bell = state.bell { while read(bell.reading, &byte, byte.count) > 0 {} }
            defer { state.inbox.batch = nil }
            return state.inbox
        }
    }

    func answer(_ report: DeliveryReport) {
        state.withLock { state in
            defer { state.answer = nil }
            return state.answer
        }?.resume(returning: report)
    }

    private func wake(_ change: (inout Inbox) -> Void) {
        state.withLock { state in
            change(&state.inbox)
            // A full pipe wakes as well.
            if let bell = state.bell { _ = write(bell.writing, [1], 1) }
        }
    }

    private func end(_ report: DeliveryReport, late: DeliveryReport) {
        let (answer, waits) = state.withLock { state in
            if let bell = state.bell { for file in [bell.reading, bell.writing] { _ = close(file) } }
            state.bell = nil
            state.late = late
            defer {
                state.answer = nil
                state.waits = [:]
            }
            return (state.answer, state.waits)
        }
        answer?.resume(returning: report)
        for wait in waits.values { wait.resume() }
    }
}
