import LodeCore
import LodeDelivery

/// A line that a program answered to an event.
///
///     {"id": "…", "ok": true}
///     {"id": "…", "error": "out of stock"}                   it comes again
///     {"id": "…", "error": "too many calls", "retry": 30}    it comes again, not before 30 seconds
///     {"id": "…", "error": "no such product", "park": true}  it is set aside
///
/// Members that are not known are left alone.
struct ExecAnswer: Equatable, Sendable {
    /// Bytes of the event's `id`.
    var id: [UInt8]
    /// nil: the program has taken the event.
    var failure: DeliveryFailure?

    init(line: [UInt8]) throws(ExecFault) {
        guard let tree = JSONTree(json: line, deepest: 16), case .object = tree else {
            throw ExecFault(reason: "a line of \(line.count) bytes that is no JSON object")
        }
        guard case .string(let id)? = tree["id"] else { throw ExecFault(reason: "an answer without an id") }
        self.id = id
        switch tree["error"] {
        case nil, .null?:
            switch tree["ok"]?.bool {
            case true?: failure = nil
            case false?: failure = Self.failure(tree, words: "")
            case nil: throw ExecFault(reason: "an answer with neither “ok” nor “error”")
            }
        case let error?:
            failure = Self.failure(tree, words: error.text ?? "")
        }
    }

    private static func failure(_ tree: JSONTree, words: String) -> DeliveryFailure {
        let reason =
            words.isEmpty ? "the program refused the event without a word" : ExecText.line(words.utf8, most: 500)
        // “retry”: false says the same as “park”: true.
        if tree["park"]?.bool == true || tree["retry"]?.bool == false {
            return DeliveryFailure(.park, .event, reason)
        }
        return DeliveryFailure(.retry, .event, reason, retryAfter: tree["retry"].flatMap(Self.seconds))
    }

    private static func seconds(_ value: JSONTree) -> Duration? {
        guard case .number(let digits) = value, let seconds = Double(String(decoding: digits, as: UTF8.self)),
            seconds.isFinite, seconds > 0
        else { return nil }
        return .seconds(min(seconds, 86_400))
    }
}

/// Text of a program, for a log or a reason.
enum ExecText {
    /// On one line, without control characters, and no longer than `most` bytes.
    static func line(_ bytes: some Sequence<UInt8>, most: Int) -> String {
        String(
            decoding: bytes.prefix(most).map { byte in
                byte == 0x09 ? 0x20 : byte < 0x20 || byte == 0x7F ? UInt8(ascii: "?") : byte
            }, as: UTF8.self)
    }
}
