import Dispatch
import LodeConfiguration
import LodeCore
import LodeDelivery
import Synchronization

/// Runs SQL on a PostgreSQL for each event, exactly once whatever crashes: see ``Inbox`` and
/// ``PostgresDelivery``.
///
/// One session, which is opened by the first delivery and by the next one after an error.
///
/// SAFETY of the unchecked conformance: `session`, `number` and `choices` are touched on `queue` alone.
final class PostgresHandler: EventHandler, @unchecked Sendable {
    private let name: String
    private let target: TargetSettings
    private let patterns: [TypePattern]
    private let sqls: [EventSQL]
    private let queue: DispatchQueue
    /// Whether the delivery that is under way has been cancelled.
    private let isCancelled = Atomic(false)
    private var session: PostgresSession?
    private var number = 0
    /// The SQL of types that came by, as patterns are slow to try.
    private var choices: [String: Int?] = [:]

    /// A batch is one transaction, whose rows are locked until all of it is done.
    let traits = HandlerTraits(batchEvents: 1000)

    /// - Throws: What is wrong in the SQL, at once.
    init(_ settings: PostgresSubscriberSettings, name: String) throws(Diagnostics) {
        self.name = name
        target = TargetSettings(connection: settings.connection, timeout: settings.timeout)
        patterns = settings.statements.map(\.type)
        sqls = try Self.read(settings)
        queue = DispatchQueue(label: "lode.postgres.\(name)")
    }

    /// The SQL of every pattern, in their order.
    ///
    /// - Throws: Everything that is wrong, at once.
    static func read(_ settings: PostgresSubscriberSettings) throws(Diagnostics) -> [EventSQL] {
        var found: [Diagnostic] = []
        var sqls: [EventSQL] = []
        for statement in settings.statements {
            do throws(Diagnostics) { sqls.append(try EventSQL(statement.sql)) } catch { found += error.all }
        }
        guard found.isEmpty else { throw Diagnostics(found) }
        return sqls
    }

    func deliver(_ batch: EventBatch) async -> DeliveryReport {
        isCancelled.store(false, ordering: .relaxed)
        return await withTaskCancellationHandler {
            // What `run` throws is a failure, which it returns as a report.
            (try? await queue.blocking { self.run(batch) }) ?? .each([])
        } onCancel: {
            isCancelled.store(true, ordering: .relaxed)
        }
    }

    func close() async {
        try? await queue.blocking { self.session = nil }
    }

    // MARK: - On the queue

    private func run(_ batch: EventBatch) -> DeliveryReport {
        number += 1
        let chosen = batch.map { choose(for: $0.type) }
        guard chosen.contains(where: { $0 != nil }) else { return .done }
        do throws(DeliveryFailure) {
            let session = try opened()
            let subscriber = try session.find(name, journal: batch.journal, generation: batch.generation)
            var delivery = PostgresDelivery(
                batch, sqls: sqls, chosen: chosen, session: session, subscriber: subscriber, number: number)
            return try delivery.run()
        } catch {
            // Half of an answer may be on its way.
            session = nil
            return isCancelled.load(ordering: .relaxed) ? .each([]) : .failed(error)
        }
    }

    private func opened() throws(DeliveryFailure) -> PostgresSession {
        if let session, session.isOpen { return session }
        session = nil
        let opened = try PostgresSession(target) { [weak self] in
            self?.isCancelled.load(ordering: .relaxed) == false
        }
        session = opened
        return opened
    }

    private func choose(for type: String) -> Int? {
        if let known = choices[type] { return known }
        // Types may come out of rows, so there may be any number of them.
        if choices.count >= 1000 { choices.removeAll() }
        let choice = patterns.firstIndex { $0.matches(type) }
        choices[type] = .some(choice)
        return choice
    }
}
