import Foundation
import LodeDelivery

/// What a server's answers mean for events.
///
/// The words are those of Redis's source (`shared` in server.c, `addReplyError` elsewhere), which clients
/// have to go by: the protocol has no numbers.
enum RedisVerdict {
    /// What the answer to an event's XADD means; nil: the event is in the stream.
    static func failure(_ answer: RedisAnswer, stream: @autoclosure () -> String) -> DeliveryFailure? {
        switch answer {
        case .bulk: nil
        case .null:
            // NOMKSTREAM: see XADD.
            DeliveryFailure(
                .retry, .event,
                "stream \(plain(stream().utf8)) is not there; create it (XGROUP CREATE … MKSTREAM) or set create: true")
        case .error(let words): failure(words)
        case .status, .integer: DeliveryFailure(.retry, .peer, "the server answered what Redis does not to XADD")
        }
    }

    static func failure(_ words: [UInt8]) -> DeliveryFailure {
        let reason = reason(words)
        if reason.hasPrefix("ERR Protocol error") { return DeliveryFailure(.park, .event, reason) }
        let word = reason.prefix { $0 != " " }
        if advice[String(word)] != nil || olderThanNeeded.contains(where: { reason.hasPrefix($0) }) {
            return DeliveryFailure(.retry, .peer, reason + (advice[String(word)] ?? "; Redis 6.2 or newer is needed"))
        }
        return DeliveryFailure(.retry, .event, reason)
    }

    /// A word that says that the server, or the login, is not fit for any event now; what to do about it,
    /// where the server's own words do not say.
    private static let advice: [String: String] = [
        "LOADING": "", "MASTERDOWN": "", "READONLY": "", "CLUSTERDOWN": "", "TRYAGAIN": "", "BUSY": "",
        "OOM": "; the server is at its maxmemory: trim streams, or give it more",
        "MISCONF": "", "NOREPLICAS": "", "NOAUTH": "; put user and password in the URL", "WRONGPASS": "",
        "DENIED": "", "UNBLOCKED": "", "INPROG": "",
        "MOVED": "; this is a node of a cluster, and Lode speaks to one server",
        "ASK": "; this is a node of a cluster, and Lode speaks to one server",
    ]

    /// XADD came with Redis 5, NOMKSTREAM with 6.2: what older ones answer.
    private static let olderThanNeeded = [
        "ERR unknown command", "ERR Invalid stream ID", "ERR wrong number of arguments", "ERR syntax error",
    ]

    /// A server's words, without what they repeat of a command, and on one line.
    static func reason(_ words: [UInt8]) -> String {
        var text = plain(words)
        // “unknown command 'XADD', with args beginning with: …” quotes the event.
        if let quote = text.range(of: ", with args beginning") { text = String(text[..<quote.lowerBound]) }
        return text
    }

    /// Text of others for a reason: no control characters, and not long.
    static func plain(_ words: some Sequence<UInt8>) -> String {
        String(decoding: words.prefix(300).map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
    }
}
