import ArgumentParser
import AsyncHTTPClient
import Foundation
import LodeConfiguration
import NIOCore
import NIOHTTP1

struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Asks the running daemon how it does.",
        discussion: "Exits with 0 when it is well. For a container's HEALTHCHECK.")

    enum Question: String, EnumerableFlag {
        case live
        case ready
        case started
    }

    @Flag(help: "What to ask: does the process move, do bytes flow (the default), did every stream open once.")
    var question: Question = .ready

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Terminal.running {
            let configuration = try options.load()
            guard let http = configuration.http else {
                Terminal.complain("error: the configuration has `http: none`; health needs the endpoint")
                throw ExitCode(78)
            }
            let host = http.host.contains(":") ? "[\(http.host)]" : http.host
            var request = HTTPClientRequest(url: "http://\(host):\(http.port)/health/\(question.rawValue)")
            if let file = http.tokenFile, let token = FileManager.default.contents(atPath: file) {
                let text = String(decoding: token.filter { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
                request.headers.add(name: "authorization", value: "Bearer \(text)")
            }
            let answer: (isGood: Bool, body: String)
            do {
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(5))
                let body = try await response.body.collect(upTo: 1 << 16)
                answer = (response.status == .ok, String(buffer: body))
            } catch {
                Terminal.complain("error: no daemon answers at \(host):\(http.port); is `lode run` running?")
                throw ExitCode(1)
            }
            try Terminal.write(answer.body.utf8)
            if !answer.isGood { throw ExitCode(1) }
        }
    }
}
