import GRDB
import LodeCore
import TestSupport
import Testing

@testable import LodeJournal

/// The journal on a real file.
struct JournalTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("lode.journal")
    }

    private func block(_ keys: [String], at lsn: UInt64) -> EventBlock {
        var body: [UInt8] = []
        for (index, key) in keys.enumerated() {
            let data = Array(#"{"k":"\#(key)"}"#.utf8)
            let rest = 16 + key.utf8.count + data.count
            for number in [UInt32(rest), UInt32(index + 1), 0, UInt32(key.utf8.count), 0xFFFF] {
                for shift in stride(from: UInt32(0), to: 32, by: 8) { body.append(UInt8(number >> shift & 255)) }
            }
            body += Array(key.utf8) + data
        }
        let header = TransactionHeader(
            position: .lsn(LSN(lsn)), time: Timestamp(microseconds: Int64(lsn)), count: keys.count)
        return EventBlock(types: [EventType(name: "Added")], transactions: [header], body: body)
    }

    private func keys(_ blocks: [PlacedBlock]) throws -> [String] {
        var keys: [String] = []
        for placed in blocks {
            try placed.block.visitEvents { event in
                if let key = event.key {
                    keys.append(String(decoding: placed.block.body[key.range], as: UTF8.self))
                }
                return true
            }
        }
        return keys
    }

    @Test func eventsPositionsAndCursorsAreThereAfterReopening() async throws {
        let journal = try Journal.open(path)
        let source = try journal.register(source: "shop", systemIdentifier: "7", position: LSN(1))
        #expect(try journal.append(block(["a", "b"], at: 10), source: source, through: LSN(10)) == 2)
        #expect(try journal.append(block(["c"], at: 20), source: source, through: LSN(20)) == 3)
        journal.moveCursor(of: "one", to: 2)
        try await journal.flushCursors()
        try journal.close()

        let again = try Journal.open(path)
        #expect(try again.source(named: "shop")?.position == LSN(20))
        #expect(again.lastPosition == 3)
        #expect(try keys(try await again.blocks(after: 0)) == ["a", "b", "c"])
        #expect(try await again.blocks(after: 1).first?.first == 1)
        #expect(try keys(try await again.blocks(after: 2)) == ["c"])
        #expect(try await again.blocks(after: 3).isEmpty)
        #expect(try await again.cursor(of: "one") == 2)
        #expect(try await again.cursor(of: "two") == nil)
        #expect(try await again.position(before: Timestamp(microseconds: 15)) == 2)
    }

    /// A large transaction may leave nothing but its parts, which are in the file alone.
    @Test func readerThatIsUpToDateSeesATransactionOfStagedPartsAlone() async throws {
        let journal = try Journal.open(path)
        let source = try journal.register(source: "shop", systemIdentifier: "7", position: LSN(1))
        try journal.append(block(["a"], at: 10), source: source, through: LSN(10))
        let part = try journal.stage(block(["b", "c"], at: 0), count: 2, source: source)
        let header = TransactionHeader(position: .lsn(LSN(30)), time: nil, count: 0)
        try journal.append(nil, after: [part], of: header, source: source, through: LSN(30))
        #expect(journal.lastPosition == 3)
        #expect(try keys(try await journal.blocks(after: 1)) == ["b", "c"])
        #expect(try keys(try await journal.blocks(after: 2)) == ["b", "c"])
        try journal.append(block(["d"], at: 40), source: source, through: LSN(40))
        #expect(try keys(try await journal.blocks(after: 1)) == ["b", "c", "d"])
    }

    @Test func removedBlocksAreNotInMemoryEither() async throws {
        let journal = try Journal.open(path)
        let source = try journal.register(source: "shop", systemIdentifier: "7", position: LSN(1))
        for number in 1...4 {
            try journal.append(
                block(["k\(number)"], at: UInt64(number) * 10), source: source, through: LSN(UInt64(number) * 10))
        }
        #expect(try journal.prune(olderThan: .zero, keeping: [2]) == 2)
        #expect(try keys(try await journal.blocks(after: 0)) == ["k3", "k4"])
        #expect(try await journal.blocks(after: 0).first?.first == 3)
        try journal.append(block(["k5"], at: 50), source: source, through: LSN(50))
        #expect(try keys(try await journal.blocks(after: 2)) == ["k3", "k4", "k5"])
    }

    @Test func stagedPartsAreSeenWithTheirCommitAndNotBefore() async throws {
        let journal = try Journal.open(path)
        let source = try journal.register(source: "shop", systemIdentifier: "7", position: LSN(1))
        let first = try journal.stage(block(["a", "b"], at: 0), count: 2, source: source)
        #expect(try await journal.blocks(after: 0).isEmpty)
        let header = TransactionHeader(position: .lsn(LSN(30)), time: nil, count: 1)
        try journal.append(block(["c"], at: 30), after: [first], of: header, source: source, through: LSN(30))
        let blocks = try await journal.blocks(after: 0)
        #expect(try keys(blocks) == ["a", "b", "c"])
        #expect(blocks.flatMap { $0.block.transactions.map(\.position) } == [.lsn(LSN(30)), .lsn(LSN(30))])
    }

    @Test func whatWasStagedIsGoneAfterACrash() async throws {
        do {
            let journal = try Journal.open(path)
            let source = try journal.register(source: "shop", systemIdentifier: "7", position: LSN(1))
            _ = try journal.stage(block(["a"], at: 0), count: 1, source: source)
            try journal.close()
        }
        try Journal.open(path).close()
        let bodies = try await DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM body") }
        #expect(bodies == 0)
    }

    @Test func pruningStopsAtTheSlowestCursor() async throws {
        let journal = try Journal.open(path)
        let source = try journal.register(source: "shop", systemIdentifier: "7", position: LSN(1))
        for lsn: UInt64 in [10, 20, 30] {
            try journal.append(block(["k\(lsn)"], at: lsn), source: source, through: LSN(lsn))
        }
        #expect(try journal.prune(olderThan: .zero, keeping: [2, 3]) == 2)
        #expect(try await journal.firstPosition() == 3)
        #expect(try journal.append(block(["d"], at: 40), source: source, through: LSN(40)) == 4)
    }

    @Test func secondDaemonIsRefusedAndALookIsNot() throws {
        let journal = try Journal.open(path)
        #expect(throws: JournalError.self) { try Journal.open(path) }
        _ = try Journal.open(path, exclusive: false)
        try journal.close()
        _ = try Journal.open(path)
    }

    @Test func journalsOfNewerVersionsAndOtherProgramsAreRefused() throws {
        try Journal.open(path).close()
        try DatabaseQueue(path: path).write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 from the future')")
        }
        #expect { try Journal.open(path) } throws: { "\($0)".contains("newer version") }

        let other = folder.file("other.sqlite")
        try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT)") }
        #expect { try Journal.open(other) } throws: { "\($0)".contains("another program") }

        try folder.write("this is no database, but it is long enough to be taken for one", to: "garbage")
        #expect(throws: JournalError.self) { try Journal.open(folder.file("garbage")) }
    }

    /// `max_page_count` stands for a full disk: SQLite answers SQLITE_FULL for both.
    @Test func fullDiskChangesNothingAndIsNoReasonToStop() async throws {
        let journal = try Journal.open(path)
        let source = try journal.register(source: "shop", systemIdentifier: "7", position: LSN(1))
        #expect(try journal.append(block(["a"], at: 10), source: source, through: LSN(10)) == 1)
        journal.moveCursor(of: "one", to: 1)
        func limit(_ pages: Int) async throws {
            try await journal.database.write { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
        }
        try await limit(1)
        let large = block((1...20_000).map { "key \($0)" }, at: 20)
        func isFull(_ error: any Error) -> Bool {
            (error as? JournalError)?.verdict == .retry && "\(error)".contains("the disk is full; make room")
        }
        #expect { try journal.append(large, source: source, through: LSN(20)) } throws: { isFull($0) }
        #expect { try journal.stage(large, count: 20_000, source: source) } throws: { isFull($0) }
        #expect(journal.lastPosition == 1)
        #expect(try journal.source(named: "shop")?.position == LSN(10))
        #expect(try keys(try await journal.blocks(after: 0)) == ["a"])

        try await limit(1_000_000)
        #expect(try journal.append(large, source: source, through: LSN(20)) == 20_001)
        #expect(try journal.source(named: "shop")?.position == LSN(20))
        #expect(try await journal.cursor(of: "one") == 1)
        try journal.close()
        let again = try Journal.open(path)
        #expect(again.lastPosition == 20_001)
        #expect(try await again.storedCursors() == ["one": 1])
    }
}
