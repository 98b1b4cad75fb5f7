import Foundation
import HTTPTypes
import LodeConfiguration
import LodeCore
import LodeJournal

/// What a client asks of the feed: where to begin, and which events.
struct FeedRequest: Sendable {
    enum Start: Sendable {
        /// The oldest event that is kept.
        case earliest
        /// The next event.
        case latest
        /// About the first event whose transaction committed at this time or later.
        case time(Timestamp)
        /// The event after this position.
        case after(Position)
        /// The event of this position.
        case at(Position)
    }

    var start = Start.earliest
    /// Any of these; empty: all.
    var types: [TypePattern] = []
    var key: [UInt8]?
    /// The most events of a page, or of a stream; nil: of a page ``usualLimit``, of a stream any number.
    var limit: Int?
    /// How long to wait for an event; nil: a page not at all, a stream for ever.
    var wait: Duration?

    static let parameters = ["after", "at", "from", "types", "key", "limit", "wait"]
    static let usualLimit = 100
    static let mostLimit = 1000
    static let longestWait = Duration.seconds(60)
    static let mostTypes = 100

    /// - Parameters:
    ///   - query: As the URL has it.
    ///   - lastEventID: The header of a stream that is opened again: it wins over every parameter.
    init(query: String?, lastEventID: String?, typePrefix: String) throws(Refusal) {
        var starts: [String] = []
        var seen: Set<String> = []
        for part in (query ?? "").split(separator: "&") {
            let (name, text) = try Self.parameter(part)
            guard seen.insert(name).inserted else { throw Self.wrong("\(name) is given twice") }
            switch name {
            case "after":
                start = .after(try Self.position(text, name))
                starts.append(name)
            case "at":
                start = .at(try Self.position(text, name))
                starts.append(name)
            case "from":
                start = try Self.start(text)
                starts.append(name)
            case "types": types = try Self.types(text, typePrefix)
            case "key": key = Array(text.utf8)
            case "limit": limit = try Self.limit(text)
            case "wait": wait = try Self.wait(text)
            default:
                let near = nearestName(to: name, among: Self.parameters).map { "did you mean \($0)?" }
                let all = "there are \(Self.parameters.joined(separator: ", "))"
                throw Self.wrong("there is no parameter \(Self.shown(name)); \(near ?? all)")
            }
        }
        guard starts.count < 2 else {
            throw Self.wrong("\(starts.joined(separator: " and ")) are both given; say once where to begin")
        }
        if let lastEventID, !lastEventID.isEmpty {
            start = .after(try Self.position(lastEventID, "Last-Event-ID"))
        }
    }

    // MARK: - Parameters

    /// A form's encoding, as browsers and most libraries write a query (WHATWG URL, section 5.1).
    private static func parameter(_ part: Substring) throws(Refusal) -> (name: String, value: String) {
        let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        func decoded(_ text: Substring) -> String? {
            String(text.map { $0 == "+" ? " " : $0 }).removingPercentEncoding
        }
        guard let name = halves.first.flatMap(decoded), let value = decoded(halves.count > 1 ? halves[1] : "") else {
            throw wrong("the query is not percent-encoded UTF-8")
        }
        return (name, value)
    }

    private static func position(_ text: String, _ name: String) throws(Refusal) -> Position {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let position = Position(text) else {
            throw wrong("\(name): \(shown(text)) is not a position; positions are numbers, as in next")
        }
        return position
    }

    private static func start(_ text: String) throws(Refusal) -> Start {
        // The plus of a time zone is a space in a query that was written by hand.
        let zoned = String(text.reversed().map { $0 == " " ? "+" : $0 }.reversed())
        switch StartPoint(text) ?? StartPoint(zoned) {
        case .earliest: return .earliest
        case .latest: return .latest
        case .time(let time): return .time(time)
        case .position(let position): return .at(position)
        case nil:
            let advice = "write earliest, latest, or a time such as 2026-01-31T00:00:00Z"
            throw wrong("from: \(shown(text)) is no beginning; \(advice)")
        }
    }

    private static func types(_ text: String, _ typePrefix: String) throws(Refusal) -> [TypePattern] {
        let names = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        guard !names.isEmpty else { throw wrong("types is empty; leave it out for all types") }
        guard names.count <= mostTypes else {
            throw wrong("types has \(names.count) patterns; \(mostTypes) are the most")
        }
        return names.map { TypePattern($0, typePrefix: typePrefix) }
    }

    private static func limit(_ text: String) throws(Refusal) -> Int {
        guard let limit = Int(text), (1...mostLimit).contains(limit) else {
            throw wrong("limit: \(shown(text)) is not a number from 1 to \(mostLimit)")
        }
        return limit
    }

    private static func wait(_ text: String) throws(Refusal) -> Duration {
        guard let wait = DurationText.parse(text), wait <= longestWait else {
            let advice = "write it with its unit, such as 30s or 500ms"
            throw wrong("wait: \(shown(text)) is not a time from 0s to 60s; \(advice)")
        }
        return wait
    }

    private static func wrong(_ message: String) -> Refusal { Refusal(.badRequest, message) }

    private static func shown(_ text: String) -> String { "“\(text.prefix(60))”" }

    // MARK: - As a filter

    func takes(type: String) -> Bool { types.isEmpty || types.contains { $0.matches(type) } }
}
