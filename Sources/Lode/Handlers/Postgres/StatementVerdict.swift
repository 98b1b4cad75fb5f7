import LodeDelivery
import LodePostgres

/// What a failed statement means for its event, by SQLSTATE (PostgreSQL, Appendix A).
enum StatementVerdict {
    /// Whether it says that the server or the way to it is at fault, whatever the event.
    static func isPeers(_ state: String?) -> Bool {
        guard let state else { return true }
        // A server that only reads is a standby, or was one a moment ago.
        if state == "57014" { return false }
        if state == "3D000" || state == "25006" { return true }
        return ["08", "28", "53", "57", "58"].contains { state.hasPrefix($0) }
    }

    /// Whether the event can never be taken: its values do not fit, and no waiting mends them.
    static func isForGood(_ state: String) -> Bool {
        switch state {
        // A row that it refers to may come by another way, or go.
        case "23503", "23001": false
        // The statement itself, whatever the table.
        case "42601", "42P18": true
        case _ where state.hasPrefix("22") || state.hasPrefix("23") || state.hasPrefix("54"): true
        default: false
        }
    }

    /// Whether it is Lode's own statement that another session forestalled.
    static func isConflict(_ state: String?) -> Bool {
        // Taken already; the guard found nothing; serialization, deadlock.
        ["23505", "23502", "40001", "40P01"].contains(state)
    }

    /// What is told of an event whose SQL failed.
    static func failure(_ failure: ServerFailure, values: EventValues, of sql: EventSQL) -> DeliveryFailure {
        let state = failure.sqlState ?? ""
        let message = FailureText(failure.message, state: state, values: values, of: sql).text
        return DeliveryFailure(isForGood(state) ? .park : .retry, .event, "\(message) (SQLSTATE \(state))")
    }
}

/// A server's primary message without the event's values.
struct FailureText {
    let text: String

    init(_ message: String, state: String, values: EventValues, of sql: EventSQL) {
        var bytes = Array(message.utf8)
        // Classes 42 and 0A tell of tables, columns and functions, which a value may happen to be called.
        if !state.hasPrefix("42"), !state.hasPrefix("0A") {
            // The longest first, for a value may be part of another.
            let known = zip(values.texts, sql.fields)
                .compactMap { text, field in text.map { (text: $0, name: field.name) } }
                .filter { !$0.text.isEmpty && $0.text.count <= bytes.count }
                .sorted { $0.text.count > $1.text.count }
            for (value, name) in known { Self.replace(value, by: Array(name.utf8), in: &bytes) }
        }
        // Data exceptions quote what they could not read, or a part of it.
        text = state.hasPrefix("22") ? Self.masked(bytes) : String(decoding: bytes, as: UTF8.self)
    }

    /// Wherever `value` stands for itself, not inside a longer word or number.
    private static func replace(_ value: [UInt8], by name: [UInt8], in bytes: inout [UInt8]) {
        var at = 0
        while at + value.count <= bytes.count {
            let end = at + value.count
            let isAlone = (at == 0 || !isWord(bytes[at - 1])) && (end == bytes.count || !isWord(bytes[end]))
            guard isAlone, bytes[at..<end].elementsEqual(value) else {
                at += 1
                continue
            }
            bytes.replaceSubrange(at..<end, with: name)
            at += name.count
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
            || byte >= 0x80
    }

    /// Puts `…` for what is in quotes of any language, for bytes of a bad encoding, and for numbers.
    private static func masked(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        let quotes: Set<Character> = ["\"", "'", "«", "»", "“", "”", "„", "「", "」"]
        var out = ""
        var rest = text[...]
        if let first = text.firstIndex(where: quotes.contains), let last = text.lastIndex(where: quotes.contains),
            first < last
        {
            // To the last one: a value may have quotes of its own.
            let value = text[text.index(after: first)..<last]
            // A parameter's name stands there for its value already.
            let isName =
                value.hasPrefix(":")
                && value.dropFirst().allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
            out = text[...first] + (isName ? String(value) : "…") + String(text[last])
            rest = text[text.index(after: last)...]
        }
        out += rest
        return out.split(separator: " ", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("0x") ? "0x…" : String($0) }.joined(separator: " ")
    }
}
