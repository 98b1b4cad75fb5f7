import LodeConfiguration
import LodeCore
import LodeDelivery
import LodePostgres
import TestSupport

@testable import Lode

/// A database that a postgres subscriber writes to, and its handler.
struct Target: Sendable {
    let database: TestDatabase
    let handler: PostgresHandler
    let journal: String

    init(
        _ schema: String, sql: [(type: String, sql: String)], on server: TemporaryPostgres? = nil,
        connection: ((TestDatabase) throws -> String)? = nil, name: String = "view", timeout: Duration = .seconds(30)
    ) throws {
        let database = try (server ?? TemporaryPostgres.shared.get()).database(schema)
        try self.init(database, sql: sql, connection: connection?(database), name: name, timeout: timeout)
    }

    /// One more subscriber of a database.
    init(
        _ database: TestDatabase, sql: [(type: String, sql: String)], connection: String? = nil, name: String = "view",
        journal: String = "j1", timeout: Duration = .seconds(30)
    ) throws {
        self.database = database
        self.journal = journal
        let settings = PostgresSubscriberSettings(
            connection: connection ?? database.connection,
            statements: sql.map { .init(type: TypePattern($0.type), sql: SourceText($0.sql)) }, timeout: timeout)
        handler = try PostgresHandler(settings, name: name)
    }

    func deliver(
        _ events: [SampleEvent], first: Int64 = 1, floor: Int64 = 0, generation: Int64 = 0, wasSetAside: Bool = false
    ) async throws -> DeliveryReport {
        await handler.deliver(
            try SampleEvents.batch(
                events, first: first, floor: floor, generation: generation, journal: journal, wasSetAside: wasSetAside))
    }

    /// The last statement's rows, each on a line.
    func rows(_ sql: String) throws -> [String] {
        try database.run(sql).map { row in row.map { $0 ?? "null" }.joined(separator: "|") }
    }
}

extension DeliveryReport {
    /// How many events, of `count`, are done.
    func done(of count: Int) -> Int {
        switch self {
        case .done: count
        case .failed: 0
        case .each(let outcomes): outcomes.count { if case .done = $0 { true } else { false } }
        }
    }

    /// The failure of the batch, or of the event.
    func failure(of event: Int = 0) -> DeliveryFailure? {
        switch self {
        case .done: nil
        case .failed(let failure): failure
        case .each(let outcomes):
            if event < outcomes.count, case .failed(let failure) = outcomes[event] { failure } else { nil }
        }
    }

    func isUntried(_ event: Int) -> Bool {
        guard case .each(let outcomes) = self else { return false }
        if event >= outcomes.count { return true }
        if case .untried = outcomes[event] { return true }
        return false
    }
}
