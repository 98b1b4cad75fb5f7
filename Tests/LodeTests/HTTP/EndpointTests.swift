import Foundation
import LodeConfiguration
import LodeDelivery
import TestSupport
import Testing

@testable import Lode

/// Who may ask the endpoint what.
struct EndpointTests {
    private static func daemon(
        _ http: String, folder: TemporaryFolder? = nil
    ) async throws -> (RunningDaemon, FeedClient) {
        let database = try TemporaryPostgres.shared.get().database("CREATE TABLE t (id int PRIMARY KEY)")
        let daemon = try RunningDaemon(
            database, events: "  Added: { from: insert into t }", http: http, folder: folder)
        try await daemon.ready()
        return (daemon, try await daemon.client())
    }

    @Test func tokenOpensEverythingAndThePageAsksForIt() async throws {
        let folder = try TemporaryFolder()
        try folder.write("s3cret-Token\n", to: "token")
        let (daemon, client) = try await Self.daemon("{ listen: \"127.0.0.1:0\", token_file: token }", folder: folder)
        defer { daemon.cancel() }
        let paths = ["/events", "/metrics", "/health/live", "/health/ready", "/health/started"]
        for path in paths {
            for header in [[:], ["Authorization": "Bearer s3cret-Toke"], ["Authorization": "Basic s3cret-Token"]] {
                let answer = try await client.ask(path, headers: header)
                #expect(answer.status == 401, "\(path) \(header)")
                #expect(answer.headers["www-authenticate"] == "Bearer")
                #expect(answer.text == "{\"error\":\"a bearer token is needed\"}\n")
            }
            let answer = try await client.ask(path, headers: ["Authorization": "bearer s3cret-Token"])
            #expect(answer.status == 200 || path == "/health/ready", "\(path): \(answer.text)")
        }
        #expect(try await client.ask("/").status == 200)
        try await daemon.stop()
    }

    /// A stranger's page that gave its name this machine's address must not read events (DNS rebinding).
    @Test func withoutATokenOnlyThisMachinesNamesAreAnswered() async throws {
        let (daemon, client) = try await Self.daemon("{ listen: \"127.0.0.1:0\" }")
        defer { daemon.cancel() }
        for (host, status) in [
            ("localhost", 200), ("127.0.0.1:8642", 200), ("[::1]:80", 200), ("LOCALHOST:1", 200),
            ("evil.example", 421), ("localhost.evil.example:8642", 421),
        ] {
            let connection = try RawConnection(
                port: client.port, request: "GET /events HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
            try await eventually("an answer to \(host)") { connection.status != nil }
            #expect(connection.status == status, "\(host)")
        }
        try await daemon.stop()
    }

    @Test func pageHasNothingFromElsewhere() async throws {
        let (daemon, client) = try await Self.daemon("{ listen: \"127.0.0.1:0\" }")
        defer { daemon.cancel() }
        let page = try await client.ask("/")
        #expect(page.status == 200)
        #expect(page.headers["content-type"] == "text/html; charset=utf-8")
        let policy = try #require(page.headers["content-security-policy"])
        #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
        #expect(!policy.contains("unsafe"))
        #expect(!page.text.contains("http://") && !page.text.contains("https://"))
        #expect(!page.text.contains("innerHTML"))
        try await daemon.stop()
    }

    @Test func everyMachineIsListenedToWithATokenAlone() {
        let yaml = "sources: { shop: { connection: dbname=shop } }\nhttp: { listen: \"0.0.0.0:8642\" }\nevents: {}\n"
        #expect { try Configuration.load(text: yaml, environment: [:]) } throws: { error in
            "\(error)".contains("add “token_file”, or listen on 127.0.0.1")
        }
    }
}
