/// What a transaction says of itself by messages with the prefix `lode.context`: attributes for all of
/// its events.
///
/// A message holds a JSON object; of several the last one wins, member by member, and null takes a
/// member back. Members that are no attribute of an event here count for nothing.
struct EventContext: Sendable {
    static let prefix = Array("lode.context".utf8)
    /// Trace Context of the W3C, and the CloudEvents extensions for who and why.
    static let names = ["traceparent", "tracestate", "correlationid", "causationid", "actor"]
    /// Longer values are no attribute: in bytes.
    static let most = 4096

    private var values: [[UInt8]?] = Array(repeating: nil, count: names.count)
    private(set) var isEmpty = true

    /// False: the content is no JSON object.
    mutating func take(_ content: [UInt8]) -> Bool {
        var reader = JSONTreeReader(content)
        guard let tree = try? reader.readAll(), case .object(let members) = tree else { return false }
        for member in members {
            guard let place = Self.names.firstIndex(where: { member.name.elementsEqual($0.utf8) }) else { continue }
            switch member.value {
            case .string(let text) where text.count <= Self.most: values[place] = text
            case .number(let digits) where digits.count <= Self.most: values[place] = digits
            default: values[place] = nil
            }
        }
        isEmpty = values.allSatisfy { $0 == nil }
        return true
    }

    /// As JSON members, with a comma before each.
    var members: [UInt8] {
        var out: [UInt8] = []
        for (name, value) in zip(Self.names, values) {
            guard let value else { continue }
            JSONText.append(",\"", to: &out)
            out += name.utf8
            JSONText.append("\":", to: &out)
            JSONText.appendQuoted(value, to: &out)
        }
        return out
    }

    mutating func removeAll() { if !isEmpty { self = EventContext() } }
}
