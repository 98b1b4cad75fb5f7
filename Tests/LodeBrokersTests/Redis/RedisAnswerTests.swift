import TestSupport
import Testing

@testable import LodeBrokers

/// Expected values: Redis's “RESP protocol spec”, its own examples where it has any.
struct RedisAnswerTests {
    private func read(_ text: String, piece: Int = .max) throws -> [RedisAnswer] {
        var reader = RedisAnswerReader()
        var answers: [RedisAnswer] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            reader.feed(rest.prefix(piece))
            rest = rest.dropFirst(piece)
            while let answer = try reader.next() { answers.append(answer) }
        }
        return answers
    }

    @Test(arguments: [
        ("+OK\r\n", RedisAnswer.status(Array("OK".utf8))),
        ("-ERR unknown command 'asdf'\r\n", .error(Array("ERR unknown command 'asdf'".utf8))),
        (":0\r\n", .integer(0)), (":+5\r\n", .integer(5)), (":-1000\r\n", .integer(-1000)),
        (":9223372036854775807\r\n", .integer(.max)),
        ("$5\r\nhello\r\n", .bulk(Array("hello".utf8))), ("$0\r\n\r\n", .bulk([])), ("$-1\r\n", .null),
        ("$4\r\n\r\n\r\n\r\n", .bulk(Array("\r\n\r\n".utf8))), ("+\r\n", .status([])),
    ])
    func readsWhatTheSpecificationHas(text: String, answer: RedisAnswer) throws {
        #expect(try read(text) == [answer])
        #expect(try read(text, piece: 1) == [answer])
    }

    @Test func readsAPipelineInOrderHoweverItIsCut() throws {
        let text = "$15\r\n1526919030474-0\r\n-OOM command not allowed\r\n+OK\r\n:7\r\n$-1\r\n"
        let whole = try read(text)
        #expect(whole.count == 5)
        for piece in 1...text.utf8.count { #expect(try read(text, piece: piece) == whole) }
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\n", "*1\r\n:1\r\n", "$x\r\n", "$-2\r\n", ":\r\n", ":1x\r\n", "+OK\n", "\r\n",
        "$3\r\nabcd\r\n",
        "$16385\r\n", ":99999999999999999999\r\n", "$9223372036854775807\r\n", "\u{15}\u{3}\u{1}",
    ])
    func refusesWhatIsNone(text: String) throws {
        #expect(throws: RedisProtocolError.self) { try read(text) }
        #expect(throws: RedisProtocolError.self) { try read(text, piece: 1) }
    }

    @Test func refusesALineThatDoesNotEnd() throws {
        var reader = RedisAnswerReader()
        reader.feed(Array("+".utf8))
        let piece = [UInt8](repeating: 0x61, count: 1000)
        #expect(throws: RedisProtocolError.self) {
            for _ in 0..<17 {
                reader.feed(piece)
                while try reader.next() != nil {}
            }
        }
    }

    /// Bytes of any kind: no trap, and the same whether they come together or one by one.
    @Test func takesAnyBytesInAnyPieces() {
        var random = SeededGenerator(for: "takesAnyBytesInAnyPieces")
        let words = [
            "+OK\r\n", "$3\r\nabc\r\n", "$-1\r\n", ":12\r\n", "-ERR x\r\n", "\r\n", "$", "\r", "9", "-", "*2\r\n",
        ]
        for _ in 0..<3000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes += Array(words.randomElement(using: &random)!.utf8)
                if Int.random(in: 0..<6, using: &random) == 0 { bytes.append(.random(in: 0...255, using: &random)) }
            }
            #expect(outcome(bytes, pieces: bytes.count) == outcome(bytes, pieces: 1))
        }
    }

    private func outcome(_ bytes: [UInt8], pieces: Int) -> [String] {
        var reader = RedisAnswerReader()
        var found: [String] = []
        var rest = bytes[...]
        do {
            while !rest.isEmpty {
                reader.feed(rest.prefix(pieces))
                rest = rest.dropFirst(pieces)
                while let answer = try reader.next() { found.append("\(answer)") }
            }
        } catch {
            found.append("refused")
        }
        return found
    }
}
