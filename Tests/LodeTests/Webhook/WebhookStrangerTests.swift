import Foundation
import LodeConfiguration
import LodeDelivery
import TestSupport
import Testing

@testable import Lode

/// What a receiver sees that knows nothing of Lode: the CloudEvents SDK and the Standard Webhooks library of Python.
@Suite(.blocking, .timeLimit(.minutes(10)))
struct WebhookStrangerTests {
    private static let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"]

    @Test(arguments: WebhookSettings.Mode.allCases)
    func theSDKsReadAndVerifyEveryMode(mode: WebhookSettings.Mode) async throws {
        let receiver = try await PythonReceiver(secrets: Self.secrets)
        let batch = try SampleEvents.batch([
            SampleEvent(
                "com.example.Ordered", key: "Euro € \"%\" \\", data: #"{"total":99.5,"name":"Zoë 😀"}"#,
                context: #","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","actor":"Zoë""#),
            SampleEvent("Left", key: "42", data: "null"),
        ])
        let report = try await Webhooks.deliver(batch, to: receiver.url) {
            $0.mode = mode
            $0.secrets = Self.secrets
        }
        #expect(report.letters == (mode == .batch ? "done" : "dd"))
        let seen = try receiver.seen()
        #expect(seen.map(\.verified) == Array(repeating: [true, true, false], count: mode == .batch ? 1 : 2))
        let events = seen.flatMap(\.events)
        #expect(events.map { $0["id"] } == batch.map(\.id))
        #expect(events.map { $0["type"] } == ["com.example.Ordered", "Left"])
        #expect(events.map { $0["source"] } == [SampleEvents.source, SampleEvents.source])
        #expect(events.map { $0["subject"] } == ["Euro € \"%\" \\", "42"])
        #expect(events.map { $0["partitionkey"] } == ["Euro € \"%\" \\", "42"])
        #expect(events.map { $0["time"] } == ["2023-11-14T22:13:20.000001+00:00", "2023-11-14T22:13:20.000002+00:00"])
        #expect(events.map { $0["sequence"] } == batch.map(\.sequence))
        #expect(events[0]["actor"] == "Zoë")
        #expect(events[0]["traceparent"] == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        #expect(events.map { $0["data"] } == [#"{"name": "Zoë 😀", "total": 99.5}"#, "null"])
    }

    @Test func aTamperedRequestDoesNotVerify() async throws {
        let receiver = try await PythonReceiver(secrets: Self.secrets, changes: "99", to: "98")
        _ = try await Webhooks.deliver(
            Webhooks.one(SampleEvent(key: "1", data: #"{"total":99}"#)), to: receiver.url
        ) { $0.secrets = Self.secrets }
        #expect(try receiver.seen().map(\.verified) == [[false, false, false]])
    }
}

/// A receiver in Python; it notes what the libraries make of each request.
private final class PythonReceiver: @unchecked Sendable {
    struct Seen: Decodable {
        var verified: [Bool]
        var events: [[String: String]]
    }

    // SAFETY: set in `init` and used by `deinit`; both are one thread's at a time.
    private let process = Process()
    private let input = Pipe()
    private let folder: TemporaryFolder
    let url: String

    init(secrets: [String], changes old: String = "", to new: String = "") async throws {
        folder = try TemporaryFolder()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", try folder.write(Self.program, to: "receiver.py"), folder.path,
            secrets.joined(separator: " "), old, new,
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["PYTHONPATH": try PythonPackages.folder(), "PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
        process.standardInput = input
        process.standardError = try FileHandle(
            forWritingTo: URL(fileURLWithPath: folder.write("", to: "error")))
        try process.run()
        while folder.text("port").isEmpty {
            guard process.isRunning else { throw TestFailure("the receiver ended: \(folder.text("error"))") }
            try await Task.sleep(for: .milliseconds(10))
        }
        url = "http://127.0.0.1:\(folder.text("port"))/events"
    }

    /// It ends with its standard input.
    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    func seen() throws -> [Seen] {
        try folder.text("seen").split(separator: "\n").map {
            try JSONDecoder().decode(Seen.self, from: Data($0.utf8))
        }
    }

    private static let program = #"""
        import http.server, json, os, sys, threading
        from cloudevents.core.bindings.http import HTTPMessage, from_http_event
        from cloudevents.core.formats.json import JSONFormat
        from cloudevents.core.v1.event import CloudEvent
        from standardwebhooks import Webhook

        folder, secrets, old, new = sys.argv[1:5]
        secrets = secrets.split() + ["whsec_" + "A" * 32]

        def verifies(secret, body, headers):
            try:
                Webhook(secret).verify(body, headers, json_parse=False)
                return True
            except Exception:
                return False

        def plain(event):
            found = {name: value.isoformat() if hasattr(value, "isoformat") else str(value)
                     for name, value in event.get_attributes().items()}
            found["data"] = json.dumps(event.get_data(), ensure_ascii=False, sort_keys=True)
            return found

        class Receiver(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                if old:
                    body = body.replace(old.encode(), new.encode())
                headers = dict(self.headers)
                if self.headers["content-type"] == "application/cloudevents-batch+json":
                    events = [JSONFormat().read(CloudEvent, json.dumps(one)) for one in json.loads(body)]
                else:
                    events = [from_http_event(HTTPMessage(headers, body))]
                for event in events:
                    assert isinstance(event, CloudEvent)
                note = {"verified": [verifies(secret, body, headers) for secret in secrets],
                        "events": [plain(event) for event in events]}
                with open(folder + "/seen", "a") as file:
                    file.write(json.dumps(note) + "\n")
                self.send_response(204)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        with open(folder + "/new", "w") as file:
            file.write(str(server.server_port))
        os.rename(folder + "/new", folder + "/port")
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        server.serve_forever()
        """#
}
