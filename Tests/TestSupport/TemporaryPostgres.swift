import Foundation
public import LodeCore
public import LodePostgres
import Synchronization

/// A private PostgreSQL in a temporary folder: real, on a Unix socket alone, gone with the test.
///
/// The server is the child of a shell that waits for the end of its standard input, so it ends when
/// the test's process ends, however that ends.
public final class TemporaryPostgres: Sendable {
    /// Where the socket, the data and the log are.
    public let folder: String
    private let binaries: String
    private let settings: [String]
    /// Of the Unix socket's name and, with `tcp`, on loopback.
    public let port: Int
    private let keeper = Mutex<Keeper?>(nil)

    /// One server for all tests of the process that do not need their own; each takes a database.
    public static let shared: Result<TemporaryPostgres, any Error> = Result { try TemporaryPostgres() }

    /// - Parameters:
    ///   - settings: More lines of postgresql.conf.
    ///   - tcp: Whether it listens on loopback, too.
    ///   - tls: Whether it has a certificate of its own and speaks TLS to who wants it. Needs `tcp`.
    ///   - initdb: More arguments of initdb.
    ///   - binaries: The folder with `initdb` and `postgres`; default: Debian's, or `LODE_TEST_POSTGRES`.
    public init(
        settings: [String] = [], tcp: Bool = false, tls: Bool = false, initdb: [String] = [], binaries: String? = nil
    ) throws {
        self.binaries = try binaries ?? Self.installed()
        self.settings = settings
        port = tcp ? try FaultProxy.freePort() : 5432
        folder = NSTemporaryDirectory() + "lode-test-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if getuid() == 0 { try Shell.run("chown", ["postgres:postgres", folder]) }
        try Shell.run(
            asOwner: folder, self.binaries + "/initdb",
            ["-D", folder + "/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
                + initdb)
        var lines = [
            "listen_addresses = '\(tcp ? "127.0.0.1" : "")'", "unix_socket_directories = '\(folder)'",
            "port = \(port)",
            "wal_level = logical", "max_replication_slots = 300", "max_wal_senders = 300", "max_connections = 400",
            "fsync = off", "full_page_writes = off", "max_prepared_transactions = 10", "shared_buffers = 64MB",
            "wal_sender_timeout = 20s",
        ]
        if tls {
            try makeCertificate()
            lines += ["ssl = on", "ssl_cert_file = '\(folder)/tls.crt'", "ssl_key_file = '\(folder)/tls.key'"]
        }
        let path = folder + "/lode.conf"
        try (lines + settings).joined(separator: "\n").appending("\n").write(
            toFile: path, atomically: false, encoding: .utf8)
        try Shell.run(
            asOwner: folder, "/bin/sh",
            ["-c", "echo \"include '\(path)'\" >> '\(folder)/data/postgresql.conf'"])
        try start()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func makeCertificate() throws {
        try Shell.run(
            asOwner: folder, "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                "-keyout", folder + "/tls.key", "-out", folder + "/tls.crt",
            ])
        try Shell.run(asOwner: folder, "chmod", ["600", folder + "/tls.key"])
    }

    // MARK: - Life

    public func start() throws {
        try keeper.withLock { keeper in
            guard keeper == nil else { return }
            keeper = try Keeper(
                command: "\"$1\" -D \"$2\" >> \"$3\" 2>&1 & p=$!; cat > /dev/null; kill -INT $p; wait $p",
                arguments: [binaries + "/postgres", folder + "/data", folder + "/log"], folder: folder)
        }
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            do {
                _ = try PostgresConnection(connection(to: "postgres"), for: .queries)
                return
            } catch {
                guard ContinuousClock.now < deadline else {
                    let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
                    throw TestFailure("PostgreSQL did not start: \(error)\n\(log.suffix(2000))")
                }
                usleep(50_000)
            }
        }
    }

    /// Ends the server as SIGINT does: sessions are cut, everything is saved.
    public func stop() {
        keeper.withLock { keeper in
            keeper?.end()
            keeper = nil
        }
    }

    public func restart() throws {
        stop()
        try start()
    }

    /// The postmaster, to stop or freeze.
    public var processID: Int32? {
        let text = try? String(contentsOfFile: folder + "/data/postmaster.pid", encoding: .utf8)
        return text?.split(separator: "\n").first.flatMap { Int32($0) }
    }

    // MARK: - Use

    public func connection(to database: String, user: String = "postgres") -> String {
        "host='\(folder)' port=\(port) dbname='\(database)' user='\(user)'"
    }

    /// The file of the Unix socket.
    public var socket: String { folder + "/.s.PGSQL.\(port)" }

    /// The environment by which psql and the other clients find the server.
    public func environment(_ database: String) -> [String: String] {
        ["PGHOST": folder, "PGPORT": "\(port)", "PGDATABASE": database, "PGUSER": "postgres"]
    }

    /// A tool of the server's version: psql, pgbench, pg_recvlogical.
    public func tool(_ name: String) -> String { binaries + "/" + name }

    public func database(_ schema: String = "") throws -> TestDatabase {
        let name = "test_\(UInt32.random(in: 0 ... .max))"
        let admin = try PostgresConnection(connection(to: "postgres"), for: .queries)
        _ = try admin.query("CREATE DATABASE \(name)")
        let database = TestDatabase(server: self, name: name)
        if !schema.isEmpty { try database.run(schema) }
        return database
    }

    private static func installed() throws -> String {
        if let named = ProcessInfo.processInfo.environment["LODE_TEST_POSTGRES"] { return named }
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
        guard let newest = versions.max() else {
            throw TestFailure("no PostgreSQL under \(root); run docker/install test, or set LODE_TEST_POSTGRES")
        }
        return "\(root)/\(newest)/bin"
    }
}

/// A database of a test's own.
public struct TestDatabase: Sendable {
    public let server: TemporaryPostgres
    public let name: String

    public var connection: String { server.connection(to: name) }

    /// Runs SQL and returns the last statement's rows.
    @discardableResult
    public func run(_ sql: String) throws -> [[String?]] {
        try session().query(sql)
    }

    /// A session that stays open, for many statements.
    public func session() throws -> PostgresConnection {
        var times = ConnectionTimes()
        times.statement = .seconds(300)
        let session = try PostgresConnection(connection, for: .queries, times: times)
        // Lode's own sessions keep to pg_catalog, so that every name comes with its schema.
        _ = try session.query("SET search_path = public")
        return session
    }

    /// Everything committed so far is before this position.
    public func position() throws -> LSN {
        // A commit record of ours ends behind all earlier ones; without it the position may be in the
        // middle of WAL that is not written yet.
        let row = try run("SELECT pg_current_wal_insert_lsn()").first?.first ?? nil
        guard let position = row.flatMap({ LSN($0) }) else { throw TestFailure("no WAL position") }
        return position
    }

    public func makeSlot(_ slot: String) throws {
        try run("SELECT pg_create_logical_replication_slot('\(slot)', 'test_decoding')")
    }

    /// A slot's name that no other test has.
    public static func slotName() -> String { "slot_\(UInt32.random(in: 0 ... .max))" }
}
