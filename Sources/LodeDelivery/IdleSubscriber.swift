import LodeConfiguration
public import LodeJournal

/// A subscriber that nobody runs: does what a person asks in the journal alone.
public enum IdleSubscriber {
    /// - Throws: ``JournalError``.
    public static func perform(_ request: SubscriberRequest, in journal: Journal) async throws {
        let name = request.subscriber
        switch request.action {
        case .pause: try await journal.setPaused("a person paused it", of: name)
        case .resume: try await journal.setPaused(nil, of: name)
        case .rewind(let position): try await journal.rewind(name, to: position)
        case .retry, .retryEvent, .skip, .skipEvent:
            let cursor = try await journal.cursor(of: name) ?? 0
            var engine = DeliveryEngine(DeliveryOptions(HandlerTraits()), cursor: cursor)
            engine.restore(try await journal.shelfSummary(of: name), at: .now)
            switch request.action {
            case .retry(let key): _ = engine.retryParked(key.map { .key($0) } ?? .all, at: .now)
            case .retryEvent(let position): _ = engine.retryParked(.position(position), at: .now)
            case .skip(let key): _ = engine.skipParked(key.map { .key($0) } ?? .all, at: .now)
            case .skipEvent(let position): _ = engine.skipParked(.position(position), at: .now)
            default: break
            }
            journal.moveCursor(of: name, to: cursor, shelf: engine.takeChanges())
            try await journal.flushCursors()
        }
    }
}
