import Foundation
import LodeConfiguration
import TestSupport
import Testing

@testable import Lode

/// The programs of the page about programs, straight from its text.
@Suite(.blocking) struct ExecPageTests {
    private static let page = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/Lode/Lode.docc/Exec.md")

    private static func block(_ language: String) throws -> String {
        let parts = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```")
        guard let block = parts.first(where: { $0.hasPrefix(language + "\n") }) else {
            throw TestFailure("the page has no program in \(language)")
        }
        return String(block.dropFirst(language.utf8.count + 1))
    }

    @Test(arguments: ["python", "sh"])
    func theProgramsOfThePageTakeEvents(language: String) async throws {
        let programs = try ExecPrograms()
        let file = try programs.folder.write(try Self.block(language), to: "program")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        let spool = programs.folder.file("spool")
        // A variable of Lode's own environment is the program's as well.
        let handler = programs.handler(["/usr/bin/env", "SPOOL=\(spool)", file])
        for round in 0..<2 {
            let events = (0..<100).map { number in
                SampleEvent(key: "\(number) \"'\\", data: "{\"id\":\"other\",\"text\":\"a\\\\n'$(exit)'\"}")
            }
            let batch = try SampleEvents.batch(events, first: Int64(round * 100 + 1))
            #expect(await handler.deliver(batch).words == Array(repeating: "done", count: 100))
            if language == "sh" {
                #expect(programs.folder.text("spool").utf8.suffix(20).elementsEqual(batch.jsonLines.suffix(20)))
            }
        }
        await handler.close()
        if language == "python" { #expect(programs.log.lines.first == "order 0 \"'\\ is placed") }
    }

    @Test func whatTheShellProgramCannotDoComesAgain() async throws {
        let programs = try ExecPrograms()
        let file = try programs.folder.write(try Self.block("sh"), to: "program")
        let handler = programs.handler(["/usr/bin/env", "SPOOL=/nowhere/spool", "/bin/sh", file])
        let failure = try #require(await handler.deliver(SampleEvents.batch([SampleEvent(key: "1")])).firstFailure)
        #expect(failure.verdict == .retry && failure.retryAfter == .seconds(60))
        await handler.close()
    }
}
