import LodeDelivery
import TestSupport
import Testing

@testable import Lode

struct ExecAnswerTests {
    private func read(_ line: String) throws -> ExecAnswer { try ExecAnswer(line: Array(line.utf8)) }

    @Test func anEventIsTaken() throws {
        let answer = try read(#" {"ok": true, "id": "caf\u00e9-1", "note": {"any": ["thing"]}} "#)
        #expect(answer.id == Array("café-1".utf8) && answer.failure == nil)
        #expect(try read(#"{"id": "1", "ok": true, "error": null}"#).failure == nil)
    }

    @Test(arguments: [
        (#"{"id":"1","error":"why"}"#, DeliveryFailure(.retry, .event, "why")),
        (#"{"id":"1","error":"why","retry":true}"#, DeliveryFailure(.retry, .event, "why")),
        (#"{"id":"1","error":"why","retry":1.5}"#, DeliveryFailure(.retry, "why", .milliseconds(1500))),
        (#"{"id":"1","error":"why","retry":0}"#, DeliveryFailure(.retry, .event, "why")),
        (#"{"id":"1","error":"why","retry":-3}"#, DeliveryFailure(.retry, .event, "why")),
        (#"{"id":"1","error":"why","retry":1e999}"#, DeliveryFailure(.retry, .event, "why")),
        (#"{"id":"1","error":"why","retry":1e300}"#, DeliveryFailure(.retry, "why", .seconds(86_400))),
        (#"{"id":"1","error":"why","retry":false}"#, DeliveryFailure(.park, .event, "why")),
        (#"{"id":"1","error":"why","park":true}"#, DeliveryFailure(.park, .event, "why")),
        (#"{"id":"1","error":"why","park":false}"#, DeliveryFailure(.retry, .event, "why")),
        (#"{"id":"1","ok":true,"error":"why"}"#, DeliveryFailure(.retry, .event, "why")),
        (#"{"id":"1","error":"two\nlines\u001b[31m"}"#, DeliveryFailure(.retry, .event, "two?lines?[31m")),
        (#"{"id":"1","ok":false}"#, DeliveryFailure(.retry, .event, "the program refused the event without a word")),
        (
            #"{"id":"1","error":{"code":1}}"#,
            DeliveryFailure(.retry, .event, "the program refused the event without a word")
        ),
    ])
    func anEventIsRefused(line: String, failure: DeliveryFailure) throws {
        #expect(try read(line).failure == failure)
    }

    @Test(arguments: [
        "", "ok", "1", "null", "[]", "{}", #"{"id":"1"}"#, #"{"ok":true}"#, #"{"id":1,"ok":true}"#,
        #"{"id":"1","ok":"yes"}"#, #"{"id":"1","ok":true"#, #"{"id":"1","ok":true} x"#,
        String(repeating: "[", count: 100_000),
    ])
    func otherLinesAreNoAnswers(line: String) {
        let fault = #expect(throws: ExecFault.self) { try read(line) }
        #expect((fault?.reason.utf8.count ?? 0) < 100)
    }

    @Test func aReasonIsNotLong() throws {
        let words = String(repeating: "x", count: 100_000)
        #expect(try read(#"{"id":"1","error":"\#(words)"}"#).failure?.reason.utf8.count == 500)
    }
}

extension DeliveryFailure {
    fileprivate init(_ verdict: Verdict, _ reason: String, _ pause: Duration) {
        self.init(verdict, .event, reason, retryAfter: pause)
    }
}

struct ExecConversationTests {
    private func ask(_ ids: String...) -> ExecConversation {
        var conversation = ExecConversation()
        conversation.ask(ids.map { Array($0.utf8) })
        return conversation
    }

    private func results(_ outcomes: [EventOutcome]) -> [String] {
        outcomes.map { outcome in
            switch outcome {
            case .done: "done"
            case .untried: "untried"
            case .failed(let failure): "\(failure.verdict) \(failure.fault): \(failure.reason)"
            }
        }
    }

    @Test func answersComeInAnyOrder() throws {
        var conversation = ask("a", "b", "c")
        for id in ["b", "c", "a"] {
            #expect(conversation.isWaiting)
            #expect(try conversation.take(Array(#"{"id":"\#(id)","ok":true}"#.utf8)))
        }
        #expect(!conversation.isWaiting && results(conversation.outcomes) == ["done", "done", "done"])
    }

    @Test func ofTwoOfOneIdTheOlderIsMeant() throws {
        var conversation = ask("a", "a")
        _ = try conversation.take(Array(#"{"id":"a","error":"first"}"#.utf8))
        #expect(results(conversation.outcomes) == ["retry event: first", "untried"])
        _ = try conversation.take(Array(#"{"id":"a","ok":true}"#.utf8))
        #expect(results(conversation.outcomes) == ["retry event: first", "done"])
        #expect(throws: ExecFault.self) { try conversation.take(Array(#"{"id":"a","ok":true}"#.utf8)) }
    }

    @Test func theOldestWithoutAnAnswerIsToBlame() throws {
        var conversation = ask("a", "b", "c")
        _ = try conversation.take(Array(#"{"id":"a","ok":true}"#.utf8))
        let report = conversation.end("it died", hasRead: true)
        guard case .each(let outcomes) = report else { return #expect(Bool(false)) }
        #expect(results(outcomes) == ["done", "retry event: it died", "untried"])
    }

    @Test func aProgramThatReadNothingIsToBlameItself() throws {
        var conversation = ask("a", "b")
        guard case .each(let outcomes) = conversation.end("no", hasRead: false) else { return #expect(Bool(false)) }
        #expect(results(outcomes) == ["retry peer: no", "untried"])
    }

    @Test func blankLinesAreNoAnswers() throws {
        var conversation = ask("a")
        #expect(try !conversation.take([]))
        #expect(try !conversation.take(Array(" \r".utf8)))
    }
}

struct ExecLinesTests {
    @Test func linesComeWholeHoweverTheyAreCut() throws {
        var random = SeededGenerator(for: "linesComeWholeHoweverTheyAreCut")
        for _ in 0..<200 {
            let lines = (0..<Int.random(in: 1...20, using: &random)).map { _ in
                [UInt8](repeating: 0x61, count: .random(in: 0...300, using: &random))
            }
            var reader = ExecOutputLines()
            var found: [[UInt8]] = []
            var rest = Array(lines.joined(separator: [0x0A]) + [0x0A])[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...200, using: &random)
                reader.feed(rest.prefix(count))
                rest = rest.dropFirst(count)
                while let line = try reader.next() { found.append(line) }
            }
            #expect(found == lines)
        }
    }

    @Test func aLineHasABound() throws {
        var reader = ExecOutputLines()
        let piece = [UInt8](repeating: 0x61, count: 1 << 16)[...]
        for _ in 0..<16 { reader.feed(piece) }
        #expect(try reader.next() == nil)
        reader.feed([0x0A])
        #expect(try reader.next()?.count == 1 << 20)
        for _ in 0..<17 { reader.feed(piece) }
        #expect(throws: ExecFault.self) { try reader.next() }
    }

    @Test func whatIsLoggedHasBounds() {
        var lines = ExecErrorLines()
        let now = ContinuousClock.now
        #expect(lines.take(Array("one\r\n\ntwo\u{1B}[1m\nthr".utf8)[...], at: now) == ["one", "two?[1m"])
        #expect(lines.take(Array("ee\n".utf8)[...], at: now) == ["three"])
        let long = lines.take([UInt8](repeating: 0x61, count: 1 << 20) + [0x0A], at: now)
        #expect(long == [String(repeating: "a", count: 4096) + "…"])
        let flood = lines.take(Array(String(repeating: "x\n", count: 10_000).utf8)[...], at: now)
        #expect(flood.count == 100 - 5)
        #expect(lines.take(Array("y\n".utf8)[...], at: now + .seconds(1)) == ["(9905 lines left out)", "y"])
        #expect(lines.take(Array("last".utf8)[...], at: now) == [])
        #expect(lines.end(at: now) == ["last"])
    }
}
