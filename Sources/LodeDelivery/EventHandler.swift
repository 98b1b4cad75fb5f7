/// How a kind of subscriber takes events: all that the delivery engine knows of it.
///
/// The engine never has one key's events under way in two calls at once. After a failure or a crash
/// events come again, each with the id and the bytes it had before.
public protocol EventHandler: Sendable {
    var traits: HandlerTraits { get }

    /// Takes events. What it reports as done is safe with the subscriber: acknowledged, committed, synced.
    ///
    /// Called up to `traits.concurrency` times at once. When its task is cancelled it returns soon, with
    /// what it knows by then.
    func deliver(_ batch: EventBatch) async -> DeliveryReport

    /// The last call: the subscriber's loop has ended.
    func close() async
}

extension EventHandler {
    public func close() async {}
}

/// What the engine must know of a kind of subscriber to give it the right batches.
public struct HandlerTraits: Sendable {
    public enum KeyOrder: Sendable {
        /// A batch may have several events of one key: the handler takes them in their order, and none
        /// when an earlier one of the key failed.
        case inBatch
        /// A batch has at most one event of a key, for the handler takes a batch's events in any order.
        case onePerBatch
    }

    /// Batches under way at once.
    public var concurrency: Int
    public var keyOrder: KeyOrder
    /// A batch has no more events than this,
    public var batchEvents: Int
    /// and no more bytes of the journal than this unless a single event has.
    public var batchBytes: Int

    public init(
        concurrency: Int = 1, keyOrder: KeyOrder = .inBatch, batchEvents: Int = 10_000, batchBytes: Int = 1 << 20
    ) {
        self.concurrency = concurrency
        self.keyOrder = keyOrder
        self.batchEvents = batchEvents
        self.batchBytes = batchBytes
    }
}
