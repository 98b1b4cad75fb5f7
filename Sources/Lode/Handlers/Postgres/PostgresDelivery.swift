import LodeCore
import LodeDelivery
import LodePostgres

/// One batch on its way into the target.
///
/// First all of it goes in one transaction. When an event fails there, when some were taken before, or when
/// the target's log is read, so that each event's effects must tell their own cause, every event has a
/// transaction of its own instead, many of them on the way at once. Those do not wait for the disk; a last
/// one does, and what it waits for comes after all of theirs in the log.
struct PostgresDelivery {
    /// Events on the way at once when each has a transaction of its own.
    static let mostOnTheWay = 200
    /// Bytes of their values.
    static let mostBytesOnTheWay = 1 << 20
    /// So often another session may forestall this one.
    static let mostConflicts = 5

    let batch: EventBatch
    let sqls: [EventSQL]
    /// By the event's index in the batch, the index of its SQL; nil: there is none.
    let chosen: [Int?]
    let session: PostgresSession
    let subscriber: PostgresSession.Subscriber
    /// Grows with every delivery.
    let number: Int

    private var outcomes: [EventOutcome?]
    /// Events that are in the inbox, though perhaps not on the disk.
    private var taken: Set<Int> = []
    private var blockedKeys: Set<[UInt8]> = []
    private var needsClosing = false
    private var conflicts = 0

    init(
        _ batch: EventBatch, sqls: [EventSQL], chosen: [Int?], session: PostgresSession,
        subscriber: PostgresSession.Subscriber, number: Int
    ) {
        self.batch = batch
        self.sqls = sqls
        self.chosen = chosen
        self.session = session
        self.subscriber = subscriber
        self.number = number
        outcomes = chosen.map { $0 == nil ? .done : nil }
    }

    /// - Throws: ``DeliveryFailure`` of the batch as a whole; the session is of no more use then.
    mutating func run() throws(DeliveryFailure) -> DeliveryReport {
        if !session.isMined {
            while case let waiting = pending(), !waiting.isEmpty {
                guard try takeTogether(waiting) else { break }
            }
        }
        while case let waiting = pending(), !waiting.isEmpty { try takeEach(waiting) }
        if needsClosing {
            try sendClosing()
            if let failure = try session.settle(delivery: number, { _ in }) {
                throw PostgresSession.inboxFailure(failure.server)
            }
        }
        for index in taken { outcomes[index] = .done }
        return .each(outcomes.map { $0 ?? .untried })
    }

    /// Those that can be taken now, in order.
    private func pending() -> [Int] {
        batch.indices.filter { index in
            guard outcomes[index] == nil, !taken.contains(index) else { return false }
            guard !blockedKeys.isEmpty, let key = batch[index].key else { return true }
            return !blockedKeys.contains(key)
        }
    }

    private mutating func fail(_ index: Int, _ failure: DeliveryFailure) {
        outcomes[index] = .failed(failure)
        if let key = batch[index].key { blockedKeys.insert(key) }
    }

    // MARK: - All in one transaction

    /// - Returns: Whether there is more to take in this way.
    private mutating func takeTogether(_ indices: [Int]) throws(DeliveryFailure) -> Bool {
        let positions = indices.map { batch[$0].position }
        try session.send(.begin)
        try session.send(.touch, [id, "\(batch.floor)"])
        try session.send(
            .takeAll, [id, "\(batch.generation)", "\(positions.min() ?? 0)", Self.array(positions), isSetAside])
        var parameters = StatementParameters()
        for index in indices {
            do throws(DeliveryFailure) {
                guard let sql = chosen[index] else { continue }
                let values = try EventValues(of: batch[index], for: sqls[sql])
                try send(index, sql, values, &parameters)
            } catch  where error.fault == .event {
                fail(index, error)
                // Its key's later events must not go either: each by itself sees to it.
                try session.send(.rollback)
                _ = try settle()
                return false
            }
        }
        try sendForget()
        try session.send(.commit)
        guard let failure = try settle() else {
            taken.formUnion(indices)
            session.moved(floor: batch.floor)
            needsClosing = false
            return false
        }
        switch failure.step {
        case .own(.commit) where StatementVerdict.isPeers(failure.server.sqlState):
            throw Self.peer(failure.server)
        case .own(.commit), .run, .prepare:
            if StatementVerdict.isPeers(failure.server.sqlState) { throw Self.peer(failure.server) }
            return false
        case .own, .once, .discard, .commit:
            try settleConflict(failure, indices)
            return !session.isMined
        }
    }

    private func send(
        _ index: Int, _ sql: Int, _ values: EventValues, _ parameters: inout StatementParameters
    ) throws(DeliveryFailure) {
        for (number, statement) in sqls[sql].statements.enumerated() {
            values.put(statement.parameters, into: &parameters)
            try session.send(
                PostgresSession.StatementName(sql: sql, statement: number), statement.sql, parameters, event: index)
        }
    }

    // MARK: - Each in its own

    private mutating func takeEach(_ indices: [Int]) throws(DeliveryFailure) {
        var parameters = StatementParameters()
        var bytes = 0
        var onTheWay: [Int] = []
        for index in indices {
            guard onTheWay.count < Self.mostOnTheWay, bytes < Self.mostBytesOnTheWay else { break }
            guard let sql = chosen[index] else { continue }
            let event = batch[index]
            if !blockedKeys.isEmpty, let key = event.key, blockedKeys.contains(key) { continue }
            let values: EventValues
            do throws(DeliveryFailure) { values = try EventValues(of: event, for: sqls[sql]) } catch {
                fail(index, error)
                continue
            }
            let context = String(decoding: EventCause.json(of: event), as: UTF8.self)
            try session.send(.begin)
            try session.send(.takeOne, [id, "\(batch.generation)", "\(event.position)", isSetAside, context])
            try send(index, sql, values, &parameters)
            try session.sendCommit(of: index)
            onTheWay.append(index)
            bytes += values.size
        }
        guard !onTheWay.isEmpty else { return }
        needsClosing = true
        let isLast = onTheWay.last == indices.last
        if isLast { try sendClosing() }
        guard let failure = try settle() else {
            if isLast { closed() }
            return
        }
        switch failure.step {
        case .run(_, let event), .commit(let event): try settleFailure(failure.server, of: event)
        case .prepare(let name):
            // The first on the way that needs it.
            let event = onTheWay.first { chosen[$0] == name.sql && !taken.contains($0) }
            guard let event else { throw Self.peer(failure.server) }
            try settleFailure(failure.server, of: event)
        case .own(.takeOne): try settleConflict(failure, onTheWay)
        case .own, .once, .discard: throw PostgresSession.inboxFailure(failure.server)
        }
    }

    private mutating func settleFailure(_ server: ServerFailure, of event: Int) throws(DeliveryFailure) {
        if StatementVerdict.isPeers(server.sqlState) { throw Self.peer(server) }
        guard let sql = chosen[event] else { return }
        // A statement that was prepared earlier may not fit its table any more.
        if session.prepared.contains(where: { $0.key.sql == sql && $0.value != number }) {
            try session.discardPrepared()
            return
        }
        let values = try EventValues(of: batch[event], for: sqls[sql])
        fail(event, StatementVerdict.failure(server, values: values, of: sqls[sql]))
    }

    /// A transaction that is waited for: what those before it wrote is on the disk with it.
    private func sendClosing() throws(DeliveryFailure) {
        try session.send(.begin)
        try session.send(.touch, [id, "\(batch.floor)"])
        try sendForget()
        try session.send(.commit)
    }

    private mutating func closed() {
        needsClosing = false
        session.moved(floor: batch.floor)
    }

    private func sendForget() throws(DeliveryFailure) {
        if batch.wasSetAside { try session.send(.expire) }
        let known = session.subscriber?.floor ?? 0
        if batch.floor > known { try session.send(.forget, [id, "\(known)", "\(batch.floor)"]) }
    }

    // MARK: - What was taken before

    /// Finds out why an event was refused by the inbox: it was taken, a person rewound the subscriber, another
    /// daemon is ahead, or the log is read.
    private mutating func settleConflict(
        _ failure: PostgresSession.Failure, _ indices: [Int]
    ) throws(DeliveryFailure) {
        guard StatementVerdict.isConflict(failure.server.sqlState) else {
            throw PostgresSession.inboxFailure(failure.server)
        }
        conflicts += 1
        guard conflicts <= Self.mostConflicts else {
            throw DeliveryFailure(.retry, .peer, "another session delivers to the same subscriber; end one of them")
        }
        try session.send(.look, [id, Self.array(indices.map { batch[$0].position })])
        var row: [String?] = []
        if let failure = try settle({ row = $0.first ?? [] }) { throw PostgresSession.inboxFailure(failure.server) }
        guard row.count == 4, let generation = row[0].flatMap({ Int64($0) }), let floor = row[1].flatMap({ Int64($0) })
        else { throw DeliveryFailure(.retry, .peer, "the subscriber's row in lode.subscriber is gone") }
        session.isMined = row[2] == "t"
        if generation < batch.generation {
            try session.send(.renew, [id, "\(batch.generation)", "\(batch.floor)"])
            if let failure = try settle() { throw PostgresSession.inboxFailure(failure.server) }
            return
        }
        try checkIsNewest(generation: generation, floor: floor, indices)
        let positions = Set((row[3] ?? "").dropFirst().dropLast().split(separator: ",").compactMap { Int64($0) })
        for index in indices where positions.contains(batch[index].position) {
            taken.insert(index)
            // Of a session that is gone nobody knows whether its log is on the disk.
            needsClosing = true
        }
    }

    /// What this journal has not passed, the target must not have passed either: then it is an older copy, or
    /// another daemon has the newer one, and only a person knows which of its events had their effect.
    private func checkIsNewest(generation: Int64, floor: Int64, _ indices: [Int]) throws(DeliveryFailure) {
        if generation > batch.generation {
            throw DeliveryFailure(
                .pause, .peer,
                "the target knows a later rewind of this subscriber: this journal is an older copy, or another "
                    + "daemon runs with the same; end the other one, or rewind this one")
        }
        guard !batch.wasSetAside, let least = indices.map({ batch[$0].position }).min(), floor >= least else { return }
        throw DeliveryFailure(
            .pause, .peer,
            "the target has this subscriber's events up to position \(floor), and this journal is at \(least): it is "
                + "an older copy, or another daemon runs with the same; end the other one, or rewind to \(floor + 1)")
    }

    // MARK: - Parts

    private var id: String { "\(subscriber.id)" }
    private var isSetAside: String { batch.wasSetAside ? "true" : "false" }

    private mutating func settle(
        _ rows: ([[String?]]) -> Void = { _ in }
    ) throws(DeliveryFailure) -> PostgresSession.Failure? {
        var committed: [Int] = []
        let failure = try session.settle(delivery: number, rows, committed: { committed.append($0) })
        taken.formUnion(committed)
        return failure
    }

    private static func array(_ positions: [Int64]) -> String {
        "{" + positions.map { "\($0)" }.joined(separator: ",") + "}"
    }

    private static func peer(_ failure: ServerFailure) -> DeliveryFailure {
        DeliveryFailure(.retry, .peer, "\(failure.message) (SQLSTATE \(failure.sqlState ?? ""))")
    }
}
