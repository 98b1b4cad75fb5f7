extension JSONTree {
    /// An object with its members in this order.
    public static func members(_ members: KeyValuePairs<String, JSONTree>) -> JSONTree {
        .object(members.map { Member(name: Array($0.key.utf8), value: $0.value) })
    }

    public static func text(_ text: String) -> JSONTree { .string(Array(text.utf8)) }

    public static func texts(_ texts: [String]) -> JSONTree { .array(texts.map { .text($0) }) }

    static func number(_ number: Int64) -> JSONTree { .number(Array("\(number)".utf8)) }

    /// The object with a member more, at its end.
    public func with(_ name: String, _ value: JSONTree) -> JSONTree {
        guard case .object(let members) = self else { return self }
        return .object(members + [Member(name: Array(name.utf8), value: value)])
    }
}
