import LodeConfiguration
import LodeDelivery

/// Commands as RESP has them: an array of texts, each with its length before it.
enum RedisCommand {
    static func append(_ words: String..., to out: inout [UInt8]) {
        appendCount("*", words.count, to: &out)
        for word in words { append(word.utf8, to: &out) }
    }

    static func append(_ word: some Collection<UInt8>, to out: inout [UInt8]) {
        appendCount("$", word.count, to: &out)
        out.append(contentsOf: word)
        appendBreak(to: &out)
    }

    static func appendCount(_ mark: Unicode.Scalar, _ count: Int, to out: inout [UInt8]) {
        out.append(UInt8(truncatingIfNeeded: mark.value))
        out.append(contentsOf: String(count).utf8)
        appendBreak(to: &out)
    }

    static func appendBreak(to out: inout [UInt8]) {
        out.append(0x0D)
        out.append(0x0A)
    }
}

/// Writes the XADD of each event: `XADD stream [NOMKSTREAM] [MAXLEN ~ trim] * id … type … key … event …`.
///
/// One for a batch: it keeps what events of one type have in common, and no more than a batch has types.
struct RedisAppend {
    private struct Shared {
        /// The command up to the value of `id`.
        var beginning: [UInt8]
        /// Up to the name of the next field.
        var type: [UInt8]
    }

    private let settings: RedisSettings
    private var types: [String: Shared] = [:]

    init(_ settings: RedisSettings) { self.settings = settings }

    static func stream(of type: String, _ settings: RedisSettings) -> String {
        settings.stream.split(separator: "{type}", omittingEmptySubsequences: false).joined(separator: type)
    }

    /// Appends all of the command but the value of `event`, its last part, which is `size` bytes of
    /// JSON and a line break.
    mutating func append(_ event: OutgoingEvent, size: Int, to out: inout [UInt8]) {
        let shared = shared(event.type)
        let key = event.key
        // XADD, the stream, the `*`, and two words for each field.
        let options = (settings.create ? 0 : 1) + (settings.trim == nil ? 0 : 3)
        RedisCommand.appendCount("*", 3 + options + (key == nil ? 6 : 8), to: &out)
        out.append(contentsOf: shared.beginning)
        RedisCommand.append(event.idBytes, to: &out)
        out.append(contentsOf: shared.type)
        if let key {
            RedisCommand.append("key".utf8, to: &out)
            RedisCommand.append(key, to: &out)
        }
        RedisCommand.append("event".utf8, to: &out)
        RedisCommand.appendCount("$", size, to: &out)
    }

    private mutating func shared(_ type: String) -> Shared {
        if let known = types[type] { return known }
        var shared = Shared(beginning: [], type: [])
        RedisCommand.append("XADD".utf8, to: &shared.beginning)
        RedisCommand.append(Self.stream(of: type, settings).utf8, to: &shared.beginning)
        if !settings.create { RedisCommand.append("NOMKSTREAM".utf8, to: &shared.beginning) }
        if let trim = settings.trim {
            for word in ["MAXLEN", "~", String(trim)] { RedisCommand.append(word.utf8, to: &shared.beginning) }
        }
        RedisCommand.append("*".utf8, to: &shared.beginning)
        RedisCommand.append("id".utf8, to: &shared.beginning)
        RedisCommand.append("type".utf8, to: &shared.type)
        RedisCommand.append(type.utf8, to: &shared.type)
        types[type] = shared
        return shared
    }
}
