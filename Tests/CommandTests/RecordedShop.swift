import Foundation
import TestSupport

/// A folder with a mapping and a recording of a small shop's log, made by a real server.
struct RecordedShop {
    let folder: TemporaryFolder
    let database: TestDatabase

    static let events = """
        events:
          OrderPlaced: { from: insert into orders, key: id, data: { orderId: id, total: total } }
          OrderPaid: { from: update orders, when: changed(status) and status = 'PAID', key: id, data: { orderId: id } }
        """

    init() throws {
        folder = try TemporaryFolder()
        database = try TemporaryPostgres.shared.get().database(
            """
            CREATE TABLE orders (id int PRIMARY KEY, status text, total numeric(9,2));
            ALTER TABLE orders REPLICA IDENTITY FULL
            """)
        try map(Self.events)
        try record(
            [
                "INSERT INTO orders VALUES (1, 'NEW', 59.90), (2, 'NEW', 7.00)",
                "UPDATE orders SET status = 'PAID' WHERE id = 1",
            ], as: "shop.recording.jsonl")
    }

    /// Writes lode.yaml, or another of the name.
    @discardableResult
    func map(_ events: String, as name: String = "lode.yaml") throws -> String {
        try folder.write(
            """
            sources: { shop: { connection: "\(database.connection)" } }
            \(events)
            subscribers: { screen: { stdout: {} } }
            """, to: name)
    }

    func record(_ statements: [String], as name: String) throws {
        let slot = TestDatabase.slotName()
        try database.makeSlot(slot)
        for statement in statements { try database.run(statement) }
        let output = try LodeProgram.run([
            "record", "--config", folder.file("lode.yaml"), "--slot", slot, "--output", folder.file(name), "--until",
            "\(try database.position())", "--for", "20s",
        ])
        try database.run("SELECT pg_drop_replication_slot('\(slot)')")
        guard output.status == 0 else { throw TestFailure(output.error) }
    }

    func lode(_ arguments: [String]) throws -> Shell.Output {
        try LodeProgram.run(arguments + ["--config", folder.file("lode.yaml")])
    }

    /// Without the folder, which has another name each time.
    func shown(_ output: String) -> String { output.replacing(folder.path + "/", with: "") }
}
