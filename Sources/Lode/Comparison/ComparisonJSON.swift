import LodeCore

/// A comparison for a program: one JSON object on one line.
///
///     {"equal":false,
///      "types":[{"type":"OrderPaid","before":1,"after":2,"added":1,"dropped":0,"changed":1}],
///      "differences":[{"kind":"added","event":{...}},{"kind":"dropped","event":{...}},
///                     {"kind":"changed","before":{...},"after":{...},
///                      "members":[{"path":"data.total","before":59.90,"after":60.00}]}],
///      "contracts":[{"type":"OrderPaid","path":"data.total","breaking":true,"message":"is gone"}]}
///
/// A member that is only on one side has only one of `before` and `after`. `moved` is the id of the
/// first event whose place among the others changed.
public struct ComparisonJSON {
    public let bytes: [UInt8]

    public init(_ comparison: EventComparison, contracts: [ContractChange] = []) {
        var out: [UInt8] = []
        out += "{\"equal\":\(comparison.isEqual && contracts.isEmpty),\"types\":[".utf8
        for (index, (type, count)) in comparison.counts.sorted(by: { $0.key < $1.key }).enumerated() {
            out += (index > 0 ? ",{\"type\":" : "{\"type\":").utf8
            JSONText.appendQuoted(type, to: &out)
            out += ",\"before\":\(count.before),\"after\":\(count.after),\"added\":\(count.added)".utf8
            out += ",\"dropped\":\(count.dropped),\"changed\":\(count.changed)}".utf8
        }
        out += "],\"differences\":[".utf8
        for (index, difference) in comparison.differences.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            Self.append(difference, to: &out)
        }
        out += "]".utf8
        if let moved = comparison.moved {
            out += ",\"moved\":".utf8
            JSONText.appendQuoted(moved.id, to: &out)
        }
        out += ",\"contracts\":[".utf8
        for (index, change) in contracts.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            let members = JSONTree.members([
                "type": .text(change.type), "path": .text(change.path), "breaking": .bool(change.isBreaking),
                "message": .text(change.message),
            ])
            out += members.json
        }
        out += "]}\n".utf8
        bytes = out
    }

    private static func append(_ difference: EventComparison.Difference, to out: inout [UInt8]) {
        switch difference {
        case .added(let event):
            out += "{\"kind\":\"added\",\"event\":".utf8
            out += event.bytes
        case .dropped(let event):
            out += "{\"kind\":\"dropped\",\"event\":".utf8
            out += event.bytes
        case .changed(let old, let new, let members):
            out += "{\"kind\":\"changed\",\"before\":".utf8
            out += old.bytes
            out += ",\"after\":".utf8
            out += new.bytes
            out += ",\"members\":[".utf8
            for (index, member) in members.enumerated() {
                out += (index > 0 ? ",{\"path\":" : "{\"path\":").utf8
                JSONText.appendQuoted(member.path, to: &out)
                if let old = member.old { out += ",\"before\":".utf8 + old }
                if let new = member.new { out += ",\"after\":".utf8 + new }
                out += "}".utf8
            }
            out += "]".utf8
        }
        out += "}".utf8
    }
}
