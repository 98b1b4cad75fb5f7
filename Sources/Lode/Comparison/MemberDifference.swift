public import LodeCore

/// One place in which two JSON values differ.
public struct MemberDifference: Hashable, Sendable {
    /// From the value's top: `data.lines[2].sku`, `data["odd name"]`.
    public var path: String
    /// JSON; nil: there is nothing.
    public var old: [UInt8]?
    public var new: [UInt8]?

    /// Where two values differ, in the old one's order, the innermost places alone.
    ///
    /// The order of an object's members and blanks do not count; every digit of a number does:
    /// 1.0 and 1.00 differ.
    public static func between(_ old: JSONTree, _ new: JSONTree) -> [MemberDifference] {
        var found: [MemberDifference] = []
        compare(old, new, at: "", into: &found)
        return found
    }

    private static func compare(
        _ old: JSONTree?, _ new: JSONTree?, at path: String, into found: inout [MemberDifference]
    ) {
        switch (old, new) {
        case (.object(let before)?, .object(let after)?):
            let names = before.map(\.name) + after.map(\.name)
            var seen: Set<[UInt8]> = []
            let (olds, news) = (values(before), values(after))
            for name in names where seen.insert(name).inserted {
                compare(olds[name], news[name], at: Self.path(path, name), into: &found)
            }
        case (.array(let before)?, .array(let after)?):
            for index in 0..<max(before.count, after.count) {
                compare(
                    index < before.count ? before[index] : nil, index < after.count ? after[index] : nil,
                    at: "\(path)[\(index)]", into: &found)
            }
        default:
            guard old != new else { return }
            found.append(MemberDifference(path: path, old: old?.json, new: new?.json))
        }
    }

    /// Of equal names the last one counts.
    private static func values(_ members: [JSONTree.Member]) -> [[UInt8]: JSONTree] {
        Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
    }

    private static func path(_ path: String, _ name: [UInt8]) -> String {
        let isPlain =
            !name.isEmpty
            && name.allSatisfy { byte in
                byte == UInt8(ascii: "_") || byte &- 48 < 10 || (byte | 0x20) &- 97 < 26
            }
        if isPlain {
            let text = String(decoding: name, as: UTF8.self)
            return path.isEmpty ? text : "\(path).\(text)"
        }
        var quoted: [UInt8] = []
        JSONText.appendQuoted(name, to: &quoted)
        return "\(path)[\(String(decoding: quoted, as: UTF8.self))]"
    }
}
