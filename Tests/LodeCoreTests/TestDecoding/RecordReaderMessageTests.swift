import Testing

@testable import LodeCore

/// Logical messages: neither prefix nor content is quoted, so both may look like anything.
@Suite struct RecordReaderMessageTests {
    /// Prefixes and contents; each pair is written as `pg_decode_message` writes it and read back.
    static let texts = [
        "", "p", "hello", " ", ",", "\n", "BEGIN 529", "COMMIT 529\n", "it's", "\"", "grüße 日本語",
        "table public.t: INSERT: id[integer]:1", ", sz: ", ", sz: 5 content:", ", sz: 5 content:hello", " content:",
        "message: transactional: 1 prefix: p, sz: 5 content:hello", "x, sz: 99 content:y", ", sz: , sz: 0 content:",
    ]

    @Test func readsAnyPrefixAndContent() throws {
        for prefix in Self.texts {
            for (index, content) in Self.texts.enumerated() {
                let isTransactional = index % 2 == 0
                let text =
                    "message: transactional: \(isTransactional ? 1 : 0) prefix: \(prefix), "
                    + "sz: \(content.utf8.count) content:\(content)"
                #expect(try ReadRecord.read(text) == .message(isTransactional, prefix, content), "\(text)")
            }
        }
    }

    @Test func readsBytesThatAreNoText() throws {
        let content: [UInt8] = [0, 1, 0xFF, 0xFE, 10, 39, 34, 0]
        let bytes = Array("message: transactional: 0 prefix: raw, sz: 8 content:".utf8) + content
        #expect(try ReadRecord.read(bytes).message == ReadRecord.Message(false, "raw", content))
    }

    @Test(arguments: [
        "message: transactional: 1 prefix: p, sz: 5 content:hell",
        "message: transactional: 1 prefix: p, sz: 5 content:hello!",
        "message: transactional: 1 prefix: p, sz: -5 content:hello",
        "message: transactional: 1 prefix: p, sz: content:",
        "message: transactional: 2 prefix: p, sz: 5 content:hello", "message: transactional: ",
        "message: transactional: 1",
        "message: transactional: 1 prefix: p", "message: transactional: 1 prefix: p, sz: 5", "message: ",
        "message: transactional: 1 prefix: p, sz: 99999999999999999999999999999999 content:hello",
    ])
    func refusesASizeThatDoesNotFit(_ text: String) throws {
        let error = #expect(throws: DecodeError.self) { try ReadRecord.read(text) }
        #expect(error.map { $0.offset >= 0 && $0.offset <= text.utf8.count } == true)
        #expect(error?.beginning.contains("hel") == false)
    }
}
