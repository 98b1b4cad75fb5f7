/// How a kind of subscriber takes events.
///
/// `deliver` returns when every event of the batch is safe with the subscriber, and only then does
/// its cursor move. It is never called again before it has returned. Events come in the journal's
/// order; after a failure or a crash the batch comes again, perhaps with more behind it, every event
/// with the id and the bytes it had before.
protocol EventHandler: Sendable {
    /// About how many bytes of the journal a batch has in a backlog.
    var batchBytes: Int { get }

    /// - Throws: Anything: the batch is tried again after a pause.
    func deliver(_ batch: EventBatch) async throws

    /// The subscriber's loop has ended.
    func close() async
}

extension EventHandler {
    var batchBytes: Int { 1 << 20 }

    func close() async {}
}

/// What a handler may say of a failure, for people.
struct DeliveryError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Some of a batch's events were taken before one failed: they do not come again.
struct PartialDelivery: Error, CustomStringConvertible {
    /// How many, from the first on.
    let done: Int
    let failure: any Error

    var description: String { "\(failure)" }
}
