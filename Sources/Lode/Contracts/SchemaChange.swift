public import LodeCore

/// What a new JSON Schema of an event's data means to those who read events by the old one.
///
/// The reader's view: what may arrive may become less, never more. So it is breaking when a member is
/// gone or may now be missing, when a type, an enumeration, a format or a bound admits more than before;
/// and compatible when a member is new, is now always there, or its values are fewer. A new value of an
/// enumeration is breaking because a reader that handles each of the old ones has nothing for it.
/// Titles, descriptions and the like are no change. What is not understood, and differs, is breaking.
public struct SchemaChange: Hashable, Sendable {
    /// The place in the data: `lines[].sku`; empty: all of it.
    public var path: String
    public var isBreaking: Bool
    /// What changed, for a person.
    public var message: String

    public init(path: String, isBreaking: Bool, _ message: String) {
        self.path = path
        self.isBreaking = isBreaking
        self.message = message
    }

    /// What changed between two schemas, in the old one's order.
    ///
    /// `$ref` to a place in the same schema is followed.
    public static func between(_ old: JSONTree, _ new: JSONTree) -> [SchemaChange] {
        var comparison = SchemaComparison(old: old, new: new)
        comparison.compare(old, new, at: "", depth: 0)
        return comparison.changes
    }
}

/// Walks two schemas side by side.
private struct SchemaComparison {
    private(set) var changes: [SchemaChange] = []
    private let oldRoot: JSONTree
    private let newRoot: JSONTree
    /// Pairs of references that were followed; told once, at the first place.
    private var met: Set<String> = []

    /// No schema of an event's data is nested deeper.
    private static let deepest = 40
    /// Keywords that say nothing of the values (JSON Schema 2020-12, core section 8, validation section 9).
    private static let annotations: Set<String> = [
        "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment", "$id",
        "$schema", "$anchor", "$defs", "contentEncoding", "contentMediaType",
    ]
    /// Keywords that are compared by what they mean.
    private static let understood: Set<String> = [
        "type", "enum", "const", "properties", "required", "additionalProperties", "items", "anyOf", "oneOf", "$ref",
        "format", "pattern",
    ]
    private static let lowest = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"]
    private static let highest = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"]

    init(old: JSONTree, new: JSONTree) {
        oldRoot = old
        newRoot = new
    }

    mutating func compare(_ old: JSONTree, _ new: JSONTree, at path: String, depth: Int) {
        guard depth < Self.deepest, old != new || old.hasReference else { return }
        if let before = old["$ref"]?.text, let after = new["$ref"]?.text {
            guard met.insert("\(before) \(after)").inserted else { return }
        }
        let (old, new) = (old.resolved(in: oldRoot), new.resolved(in: newRoot))
        if old.admitsAll { return }
        guard !new.admitsAll else { return breaking(path, "may now be anything") }
        compareTypes(old, new, path)
        compareValues(old, new, path)
        compareMembers(old, new, path, depth)
        compareItems(old, new, path, depth)
        compareAlternatives(old, new, path, depth)
        compareWords(old, new, path)
        compareBounds(old, new, path)
        compareRest(old, new, path)
    }

    private mutating func breaking(_ path: String, _ message: String) {
        changes.append(SchemaChange(path: path, isBreaking: true, message))
    }

    private mutating func compatible(_ path: String, _ message: String) {
        changes.append(SchemaChange(path: path, isBreaking: false, message))
    }

    private mutating func compareTypes(_ old: JSONTree, _ new: JSONTree, _ path: String) {
        let (before, after) = (old.types, new.types)
        guard before != after else { return }
        guard let before else { return compatible(path, "is now always \(Self.words(after ?? []))") }
        guard let after else { return breaking(path, "was \(Self.words(before)) and may now be of any type") }
        let extra = after.filter { !before.contains($0) && !($0 == "integer" && before.contains("number")) }
        if !extra.isEmpty {
            breaking(path, "was \(Self.words(before)) and may now be \(Self.words(extra))")
        } else {
            compatible(path, "was \(Self.words(before)) and is now \(Self.words(after))")
        }
    }

    private mutating func compareValues(_ old: JSONTree, _ new: JSONTree, _ path: String) {
        let (before, after) = (old.values, new.values)
        guard let before else {
            if let after { compatible(path, "is now one of \(Self.list(after))") }
            return
        }
        guard let after else { return breaking(path, "is no longer limited to \(Self.list(before))") }
        let extra = after.filter { !before.contains($0) }
        let gone = before.filter { !after.contains($0) }
        if !extra.isEmpty { breaking(path, "may now be \(Self.list(extra)), which no reader knows") }
        if !gone.isEmpty { compatible(path, "is no longer \(Self.list(gone))") }
    }

    private mutating func compareMembers(_ old: JSONTree, _ new: JSONTree, _ path: String, _ depth: Int) {
        let (before, after) = (old.properties, new.properties)
        let (required, stillRequired) = (old.required, new.required)
        for member in before {
            let name = String(decoding: member.name, as: UTF8.self)
            let place = path.isEmpty ? name : "\(path).\(name)"
            guard let now = after.last(where: { $0.name == member.name }) else {
                breaking(place, "is gone")
                continue
            }
            if required.contains(name), !stillRequired.contains(name) { breaking(place, "may now be missing") }
            if !required.contains(name), stillRequired.contains(name) { compatible(place, "is now always there") }
            compare(member.value, now.value, at: place, depth: depth + 1)
        }
        let isClosed = old["additionalProperties"]?.bool == false
        for member in after where !before.contains(where: { $0.name == member.name }) {
            let name = String(decoding: member.name, as: UTF8.self)
            let place = path.isEmpty ? name : "\(path).\(name)"
            if isClosed { breaking(place, "is new, and the old schema admits no new members") }
            if !isClosed { compatible(place, "is new") }
        }
        compareOthers(old, new, path, depth)
    }

    /// Members that are not named. Left out is the same as true.
    private mutating func compareOthers(_ old: JSONTree, _ new: JSONTree, _ path: String, _ depth: Int) {
        let before = old["additionalProperties"] ?? .bool(true)
        let after = new["additionalProperties"] ?? .bool(true)
        guard before != after else { return }
        if after.bool == false { return compatible(path, "has no other members any more") }
        if before.bool == false { return breaking(path, "may now have members that are not named") }
        compare(before, after, at: path.isEmpty ? "*" : "\(path).*", depth: depth + 1)
    }

    private mutating func compareItems(_ old: JSONTree, _ new: JSONTree, _ path: String, _ depth: Int) {
        let (before, after) = (old["items"] ?? .bool(true), new["items"] ?? .bool(true))
        compare(before, after, at: path + "[]", depth: depth + 1)
    }

    /// Each new alternative must be one that a reader of an old one can take.
    private mutating func compareAlternatives(_ old: JSONTree, _ new: JSONTree, _ path: String, _ depth: Int) {
        let (before, after) = (old.alternatives, new.alternatives)
        guard before != after else { return }
        guard let before else { return compatible(path, "is now one of several shapes") }
        guard let after else { return breaking(path, "was one of several shapes and is now another") }
        let unknown = after.filter { shape in
            !before.contains { known in
                var trial = self
                trial.changes = []
                trial.compare(known, shape, at: path, depth: depth + 1)
                return !trial.changes.contains(where: \.isBreaking)
            }
        }
        if unknown.isEmpty {
            compatible(path, "has other shapes, each of which fits an old one")
        } else {
            breaking(path, "may now have a shape that it could not have")
        }
    }

    private mutating func compareWords(_ old: JSONTree, _ new: JSONTree, _ path: String) {
        guard new.admits(anyOf: ["string"]) else { return }
        for keyword in ["format", "pattern"] where old[keyword] != new[keyword] {
            let after = new[keyword]?.text
            guard let before = old[keyword]?.text else {
                compatible(path, "has now the \(keyword) \(after ?? "")")
                continue
            }
            breaking(
                path, "had the \(keyword) \(before)" + (after.map { " and has now \($0)" } ?? " and has it no more"))
        }
    }

    private mutating func compareBounds(_ old: JSONTree, _ new: JSONTree, _ path: String) {
        for (keywords, sign) in [(Self.lowest, 1.0), (Self.highest, -1.0)] {
            for keyword in keywords where old[keyword] != new[keyword] {
                guard new.admits(anyOf: Self.types(boundBy: keyword)) else { continue }
                guard let before = old[keyword]?.number else {
                    compatible(path, "has now a \(keyword)")
                    continue
                }
                let isTighter = new[keyword]?.number.map { sign * $0 >= sign * before } ?? false
                if isTighter { compatible(path, "has a narrower \(keyword)") }
                if !isTighter { breaking(path, "has a wider \(keyword), or none") }
            }
        }
    }

    /// A bound says nothing of values of other types.
    private static func types(boundBy keyword: String) -> [String] {
        switch keyword {
        case "minLength", "maxLength": ["string"]
        case "minItems", "maxItems": ["array"]
        case "minProperties", "maxProperties": ["object"]
        default: ["integer", "number"]
        }
    }

    private mutating func compareRest(_ old: JSONTree, _ new: JSONTree, _ path: String) {
        let known = Self.annotations.union(Self.understood).union(Self.lowest).union(Self.highest)
        for keyword in Set(old.keywords + new.keywords).subtracting(known).sorted() where old[keyword] != new[keyword] {
            breaking(path, "differs in \(keyword), which cannot be judged")
        }
    }

    private static func words(_ words: [String]) -> String { words.joined(separator: " or ") }

    private static func list(_ values: [JSONTree]) -> String {
        values.map { String(decoding: $0.json, as: UTF8.self) }.joined(separator: ", ")
    }
}

/// A schema's keywords.
extension JSONTree {
    fileprivate var admitsAll: Bool { bool == true || self == .object([]) }

    fileprivate var keywords: [String] {
        guard case .object(let members) = self else { return [] }
        return members.map { String(decoding: $0.name, as: UTF8.self) }
    }

    /// Sorted; nil: any.
    fileprivate var types: [String]? {
        guard let type = self["type"] else { return nil }
        return (type.text.map { [$0] } ?? type.elements?.compactMap(\.text) ?? []).sorted()
    }

    fileprivate func admits(anyOf wanted: [String]) -> Bool {
        types.map { types in wanted.contains(where: types.contains) } ?? true
    }

    fileprivate var values: [JSONTree]? { self["enum"]?.elements ?? self["const"].map { [$0] } }

    fileprivate var properties: [Member] {
        guard case .object(let members)? = self["properties"] else { return [] }
        return members
    }

    fileprivate var required: Set<String> { Set(self["required"]?.elements?.compactMap(\.text) ?? []) }

    fileprivate var alternatives: [JSONTree]? { self["anyOf"]?.elements ?? self["oneOf"]?.elements }

    fileprivate var number: Double? {
        guard case .number(let digits) = self else { return nil }
        return Double(String(decoding: digits, as: UTF8.self))
    }

    /// Whether a `$ref` stands somewhere in it: then equal texts can mean different things.
    fileprivate var hasReference: Bool {
        switch self {
        case .object(let members):
            members.contains { $0.name.elementsEqual("$ref".utf8) || $0.value.hasReference }
        case .array(let elements): elements.contains(where: \.hasReference)
        default: false
        }
    }

    /// The schema itself, or the one that its `$ref` names (RFC 6901, as a fragment).
    fileprivate func resolved(in root: JSONTree) -> JSONTree {
        var schema = self
        // A circle of references has no end.
        for _ in 0..<16 {
            guard let reference = schema["$ref"]?.text, reference.hasPrefix("#/") else { return schema }
            var found: JSONTree? = root
            for step in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
                let name = step.replacing("~1", with: "/").replacing("~0", with: "~")
                found = found?[String(name)]
            }
            guard let found else { return schema }
            schema = found
        }
        return schema
    }
}
