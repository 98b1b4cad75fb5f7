import LodeCore

/// An event as a CloudEvents JSON line, for comparison with another.
public struct EventLine: Sendable {
    public let id: String
    public let type: String
    /// The CloudEvent's `subject`.
    public let key: String?
    /// The line, without its end.
    public let bytes: [UInt8]

    /// nil when the line is no JSON object with the texts `id` and `type`.
    public init?(_ bytes: [UInt8]) {
        guard let tree = JSONTree(json: bytes, deepest: 256), let id = tree["id"]?.text, let type = tree["type"]?.text
        else {
            return nil
        }
        self.id = id
        self.type = type
        key = tree["subject"]?.text
        self.bytes = bytes
    }

    /// Read anew: kept, it would take many times the line's memory.
    var tree: JSONTree { JSONTree(json: bytes, deepest: 256) ?? .null }

    /// `data` as JSON; nil when the event has none.
    public var data: [UInt8]? { tree["data"].map(\.json) }
}

/// A line of a file of events that is none.
public struct EventLineError: Error, Hashable, Sendable {
    /// From 1.
    public var line: Int

    public init(line: Int) { self.line = line }
}

extension EventLine {
    /// The events of a file's bytes, a line each; empty lines do not count.
    public static func all(of bytes: [UInt8]) throws(EventLineError) -> [EventLine] {
        var events: [EventLine] = []
        var number = 0
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            // A checkout on Windows may have given the lines another end.
            let text = line.last == 0x0D ? line.dropLast() : line
            guard !text.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { continue }
            guard let event = EventLine(Array(text)) else { throw EventLineError(line: number) }
            events.append(event)
        }
        return events
    }
}
