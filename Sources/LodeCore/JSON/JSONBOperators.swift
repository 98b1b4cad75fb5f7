/// The operators of jsonb that look inside values or make new ones (jsonb_op.c, jsonfuncs.c, jsonb_util.c).
///
/// Operands are any JSON text; results are in normal form (see ``JSONNormalForm``).
enum JSONBOperators {
    /// `one = other`: numbers by their value, so `1.0` equals `1`.
    static func areEqual(_ one: [UInt8], _ other: [UInt8]) throws(EvaluationError) -> Bool {
        try areEqual(JSONNormalForm.read(one), JSONNormalForm.read(other))
    }

    /// `json ? key`: a member's name, or a string among an array's elements, or the string itself.
    static func hasKey(_ key: [UInt8], in json: [UInt8]) throws(EvaluationError) -> Bool {
        switch try JSONNormalForm.read(json) {
        case .object(let members): members.contains { $0.name == key }
        case .array(let elements): elements.contains(.string(key))
        case .string(let text): text == key
        default: false
        }
    }

    /// `json ?| keys`
    static func hasAnyKey(_ keys: [[UInt8]?], in json: [UInt8]) throws(EvaluationError) -> Bool {
        for case .some(let key) in keys where try hasKey(key, in: json) { return true }
        return false
    }

    /// `json ?& keys`: null ones are passed over.
    static func hasAllKeys(_ keys: [[UInt8]?], in json: [UInt8]) throws(EvaluationError) -> Bool {
        for case .some(let key) in keys where try !hasKey(key, in: json) { return false }
        return true
    }

    /// `json @> other`
    static func contains(_ json: [UInt8], _ other: [UInt8]) throws(EvaluationError) -> Bool {
        let (outer, inner) = (try JSONNormalForm.read(json), try JSONNormalForm.read(other))
        switch (outer, inner) {
        case (.object, .object), (.array, .array): return try contains(outer, inner)
        case (.object, _), (_, .object), (_, .array): return false
        // An array holds a scalar as it holds an array of it.
        case (.array, _): return try contains(outer, .array([inner]))
        default: return try areEqual(outer, inner)
        }
    }

    /// Of two containers, or two scalars.
    private static func contains(_ outer: JSONTree, _ inner: JSONTree) throws(EvaluationError) -> Bool {
        switch (outer, inner) {
        case (.object(let members), .object(let wanted)):
            for member in wanted {
                guard let value = find(member.name, members), try contains(value, member.value) else { return false }
            }
            return true
        case (.array(let elements), .array(let wanted)):
            for value in wanted {
                guard try containsElement(value, elements) else { return false }
            }
            return true
        default: return try areEqual(outer, inner)
        }
    }

    private static func containsElement(
        _ wanted: JSONTree, _ elements: [JSONTree]
    ) throws(EvaluationError) -> Bool {
        for element in elements where try contains(element, wanted) { return true }
        return false
    }

    /// Members are sorted, so half of them can be passed over each time.
    private static func find(_ name: [UInt8], _ members: [JSONTree.Member]) -> JSONTree? {
        var (low, high) = (0, members.count)
        while low < high {
            let middle = (low + high) / 2
            let order = JSONNormalForm.nameOrder(members[middle].name, name)
            if order == 0 { return members[middle].value }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// Of trees whose members are sorted.
    private static func areEqual(_ one: JSONTree, _ other: JSONTree) throws(EvaluationError) -> Bool {
        switch (one, other) {
        case (.number(let a), .number(let b)):
            if a == b { return true }
            return try significant(JSONNormalForm.plain(a)) == significant(JSONNormalForm.plain(b))
        case (.array(let a), .array(let b)):
            guard a.count == b.count else { return false }
            for (one, other) in zip(a, b) {
                guard try areEqual(one, other) else { return false }
            }
            return true
        case (.object(let a), .object(let b)):
            guard a.count == b.count else { return false }
            for (one, other) in zip(a, b) {
                guard one.name == other.name, try areEqual(one.value, other.value) else { return false }
            }
            return true
        default: return one == other
        }
    }

    /// Without zeros at the fraction's end.
    private static func significant(_ digits: [UInt8]) -> ArraySlice<UInt8> {
        guard digits.contains(UInt8(ascii: ".")) else { return digits[...] }
        var digits = digits[...]
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        if digits.last == UInt8(ascii: ".") { digits.removeLast() }
        return digits
    }

    // MARK: - New values

    /// `one || other`: two objects become one in which the right one's members win; all else becomes an
    /// array, to which an object or a scalar adds an element.
    static func concatenate(_ one: [UInt8], _ other: [UInt8]) throws(EvaluationError) -> [UInt8] {
        let (left, right) = (try JSONNormalForm.read(one), try JSONNormalForm.read(other))
        let result: JSONTree =
            switch (left, right) {
            case (.object(let a), .object(let b)): .object(JSONNormalForm.sorted(a + b))
            default: .array(pieces(left) + pieces(right))
            }
        return try JSONNormalForm.print(result)
    }

    private static func pieces(_ tree: JSONTree) -> [JSONTree] {
        if case .array(let elements) = tree { return elements }
        return [tree]
    }

    /// `json - key`: without the member, or without the array's strings equal to it.
    static func deleting(_ key: [UInt8], from json: [UInt8]) throws(EvaluationError) -> [UInt8] {
        try deleting([key], from: json)
    }

    /// `json - keys`; null ones are passed over.
    static func deleting(_ keys: [[UInt8]?], from json: [UInt8]) throws(EvaluationError) -> [UInt8] {
        let unwanted = Set(keys.compactMap { $0 })
        switch try JSONNormalForm.read(json) {
        case .object(let members):
            return try JSONNormalForm.print(.object(members.filter { !unwanted.contains($0.name) }))
        case .array(let elements):
            let kept = elements.filter { element in
                if case .string(let text) = element { !unwanted.contains(text) } else { true }
            }
            return try JSONNormalForm.print(.array(kept))
        default: throw EvaluationError("cannot delete from a JSON scalar")
        }
    }

    /// `json - index`: without that element, counted from zero, or from the end when negative.
    static func deleting(at index: Int, from json: [UInt8]) throws(EvaluationError) -> [UInt8] {
        switch try JSONNormalForm.read(json) {
        case .array(var elements):
            let (place, isBeyond) = index < 0 ? index.addingReportingOverflow(elements.count) : (index, false)
            if !isBeyond, elements.indices.contains(place) { elements.remove(at: place) }
            return try JSONNormalForm.print(.array(elements))
        case .object: throw EvaluationError("cannot delete from a JSON object by a number; give the member's name")
        default: throw EvaluationError("cannot delete from a JSON scalar")
        }
    }

    // MARK: - Casts of scalars

    /// `jsonb::numeric`: the number as numeric prints it.
    static func asNumeric(_ json: [UInt8]) throws(EvaluationError) -> [UInt8] {
        guard case .number(let digits) = try JSONNormalForm.read(json) else { throw cannotCast(json, "numeric") }
        return try JSONNormalForm.plain(digits)
    }

    /// `jsonb::boolean`
    static func asBoolean(_ json: [UInt8]) throws(EvaluationError) -> Bool {
        guard case .bool(let value) = try JSONNormalForm.read(json) else { throw cannotCast(json, "boolean") }
        return value
    }

    private static func cannotCast(_ json: [UInt8], _ type: String) -> EvaluationError {
        let kind = (try? JSONLookup.typeOf(json)).map { "\($0)" } ?? "value"
        return EvaluationError("cannot cast jsonb \(kind) to type \(type)")
    }
}
