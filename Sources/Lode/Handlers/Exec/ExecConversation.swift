import LodeDelivery

/// The events that a program was given and has not answered, and what became of the others.
///
/// A value without I/O. A batch at a time, of which no two events have the same key, so answers may come
/// in any order.
struct ExecConversation: Sendable {
    private struct Question {
        let id: [UInt8]
        let index: Int
    }

    /// The oldest first.
    private var open: ArraySlice<Question> = []
    private(set) var outcomes: [EventOutcome] = []

    /// Whether an answer is due.
    var isWaiting: Bool { !open.isEmpty }

    /// Begins with a batch.
    mutating func ask(_ ids: [[UInt8]]) {
        outcomes = Array(repeating: .untried, count: ids.count)
        open = ids.enumerated().map { Question(id: $0.element, index: $0.offset) }[...]
    }

    /// Takes a line of the program's standard output; blank ones say nothing.
    ///
    /// - Returns: Whether it is an answer.
    /// - Throws: ``ExecFault`` when it is no answer to an event that waits for one.
    mutating func take(_ line: [UInt8]) throws(ExecFault) -> Bool {
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { return false }
        let answer = try ExecAnswer(line: line)
        // Two sources may have given two events the same id: the older is meant.
        guard let place = open.firstIndex(where: { $0.id == answer.id }) else {
            throw ExecFault(reason: "an answer to no event that waits for one")
        }
        outcomes[open[place].index] = answer.failure.map { .failed($0) } ?? .done
        if place == open.startIndex { open.removeFirst() } else { open.remove(at: place) }
        return true
    }

    /// Ends, for something is wrong with the program.
    ///
    /// Programs take events one after the other, so it was at the oldest one that has no answer: that one
    /// may be the cause, and its attempt counts. Those behind it come again as if nothing had been. A
    /// program that has not read a byte of the batch is at fault itself.
    mutating func end(_ reason: String, hasRead: Bool) -> DeliveryReport {
        defer { self = ExecConversation() }
        guard let oldest = open.first else { return .each(outcomes) }
        outcomes[oldest.index] = .failed(DeliveryFailure(.retry, hasRead ? .event : .peer, reason))
        return .each(outcomes)
    }
}
