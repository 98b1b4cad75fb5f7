import Foundation
import FoundationNetworking
import Lode
import LodeCore
import LodeDelivery
import TestSupport

/// What a test asks of the endpoint, by URLSession.
struct FeedClient: Sendable {
    struct Answer: Sendable {
        var status: Int
        var body: [UInt8]
        var headers: [String: String]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    struct Page: Decodable, Equatable {
        struct Event: Decodable, Equatable {
            var id: String
            var type: String
            var subject: String?
        }

        var events: [Event]
        var next: Int64
    }

    let port: Int
    private let session: URLSession

    init(port: Int) {
        self.port = port
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = 64
        session = URLSession(configuration: configuration)
    }

    func ask(
        _ path: String, method: String = "GET", headers: [String: String] = [:]
    ) async throws -> Answer {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw TestFailure("no URL: \(path)") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.timeoutInterval = 120
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await session.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw TestFailure("no HTTP answer") }
        var found: [String: String] = [:]
        for (name, value) in response.allHeaderFields {
            found["\(name)".lowercased()] = "\(value)"
        }
        return Answer(status: response.statusCode, body: [UInt8](data), headers: found)
    }

    /// - Throws: `TestFailure` when the answer is no page.
    func page(_ query: String) async throws -> Page {
        let answer = try await ask("/events?\(query)")
        guard answer.status == 200 else { throw TestFailure("\(query): \(answer.status) \(answer.text)") }
        return try JSONDecoder().decode(Page.self, from: Data(answer.body))
    }

    func stream(_ query: String = "", headers: [String] = [], reads: Bool = true) throws -> EventStreamClient {
        EventStreamClient(
            try RawConnection(
                port: port,
                request: (["GET /events?\(query) HTTP/1.1", "Host: localhost", "Accept: text/event-stream"] + headers)
                    .joined(separator: "\r\n") + "\r\n\r\n", reads: reads))
    }
}

/// Reads server-sent events as the standard says (WHATWG HTML, section 9.2.6).
struct EventStreamClient: Sendable {
    let connection: RawConnection

    init(_ connection: RawConnection) { self.connection = connection }

    /// The events that came whole, and the last id.
    var received: (events: [(id: String, data: String)], lastID: String) {
        var events: [(String, String)] = []
        var lastID = ""
        var data: [Substring] = []
        let text = connection.body.text
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.isEmpty {
                if !data.isEmpty { events.append((lastID, data.joined(separator: "\n"))) }
                data = []
            } else if line.hasPrefix("id: ") {
                lastID = String(line.dropFirst(4))
            } else if line.hasPrefix("data: ") {
                data.append(line.dropFirst(6))
            }
        }
        return (events, lastID)
    }

    var events: [(id: String, data: String)] { received.events }
}

extension RunningDaemon {
    /// Once the endpoint is bound.
    func client() async throws -> FeedClient {
        try await eventually("the endpoint listens") { daemon.port != nil }
        return FeedClient(port: daemon.port ?? 0)
    }

    var lines: [String] { events.map { String(decoding: $0.json, as: UTF8.self) } }
}
