import Foundation
import LodeConfiguration
import LodeCore
import Synchronization
import TestSupport

/// An HTTP server, which goes away with its port and its connections.
final class WebhookPeer: ConformancePeer {
    private struct State {
        var ids: [String] = []
        var server: HTTPPeer?
    }

    private let state = Mutex(State())
    private let port: Int
    let kind: SubscriberSettings.Kind
    let poison = SampleEvent("Poison", key: "p")

    init(mode: WebhookSettings.Mode) throws {
        let port = try FaultProxy.freePort()
        self.port = port
        kind = .webhook(WebhookSettings(url: "http://127.0.0.1:\(port)/events", mode: mode))
        try comeBack()
    }

    func received() -> [String] { state.withLock { $0.ids } }

    func vanish() {
        let server = state.withLock { state in
            defer { state.server = nil }
            return state.server
        }
        server?.end()
    }

    func comeBack() throws {
        let server = try HTTPPeer(port: port) { [weak self] in self?.answer($0) ?? .answer(500) }
        state.withLock { $0.server = server }
    }

    private func answer(_ request: HTTPPeer.Request) -> HTTPPeer.Reply {
        let body = try? JSONSerialization.jsonObject(with: Data(request.body))
        let events = body as? [[String: Any]] ?? (body as? [String: Any]).map { [$0] } ?? []
        if events.contains(where: { $0["type"] as? String == "Poison" }) { return .answer(400, body: "no poison") }
        let ids = request["ce-id"].map { [$0] } ?? events.compactMap { $0["id"] as? String }
        if request["ce-type"] == "Poison" { return .answer(400, body: "no poison") }
        state.withLock { $0.ids += ids }
        return .answer(204)
    }

    func close() { vanish() }
}

/// A PostgreSQL, which goes away behind a proxy.
final class PostgresPeer: ConformancePeer {
    private let database: TestDatabase
    private let proxy: FaultProxy
    let kind: SubscriberSettings.Kind
    let poison = SampleEvent("Poison", key: "p", data: #"{"number":0}"#)

    init() throws {
        let server = try TemporaryPostgres.shared.get()
        database = try server.database("CREATE TABLE effects (n bigserial PRIMARY KEY, id text NOT NULL)")
        proxy = try FaultProxy(to: server)
        kind = .postgres(
            PostgresSubscriberSettings(
                connection: proxy.connection(to: database),
                statements: [
                    .init(
                        type: TypePattern("Poison"),
                        sql: SourceText("insert into effects (n) values (1 / :number::int)")),
                    .init(type: TypePattern("A"), sql: SourceText("insert into effects (id) values (:event.id)")),
                ]))
    }

    func received() throws -> [String] {
        try database.run("SELECT id FROM effects ORDER BY n").compactMap { $0.first ?? nil }
    }

    func vanish() {
        proxy.set(.refusing)
        proxy.cut()
    }

    func comeBack() { proxy.set(.forward) }
    func close() { proxy.end() }
}

/// A program of its own, in Python.
final class ExecPeer: ConformancePeer {
    private let folder: TemporaryFolder
    let kind: SubscriberSettings.Kind
    let poison = SampleEvent("Poison", key: "p")

    init() throws {
        folder = try TemporaryFolder()
        let program = try folder.write(
            """
            import json, os, sys
            away, out = sys.argv[1:]
            if os.path.exists(away): sys.exit(1)
            for line in sys.stdin:
                if os.path.exists(away): sys.exit(1)
                event = json.loads(line)
                if event["type"] == "Poison":
                    print(json.dumps({"id": event["id"], "error": "no poison", "park": True}), flush=True)
                    continue
                with open(out, "a") as file: file.write(event["id"] + "\\n")
                print(json.dumps({"id": event["id"], "ok": True}), flush=True)
            """, to: "handler.py")
        kind = .exec(
            ExecSettings(command: ["python3", program, folder.file("away"), folder.file("ids")], timeout: .seconds(10)))
    }

    func received() -> [String] { folder.text("ids").split(separator: "\n").map(String.init) }
    func vanish() throws { try folder.write("", to: "away") }
    func comeBack() throws { try FileManager.default.removeItem(atPath: folder.file("away")) }
}
