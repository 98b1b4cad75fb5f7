extension JSONBOperators {
    /// `json #- path`: without what the path leads to (`jsonb_delete_path`, `setPath`). Places in arrays count from
    /// zero, or from the end when negative.
    static func deleting(path: [[UInt8]?], from json: [UInt8]) throws(EvaluationError) -> [UInt8] {
        let tree = try JSONNormalForm.read(json)
        switch tree {
        case .object([]), .array([]): return try JSONNormalForm.print(tree)
        case .object, .array: break
        default: throw EvaluationError("cannot delete path in scalar")
        }
        if path.isEmpty { return try JSONNormalForm.print(tree) }
        return try JSONNormalForm.print(deleting(path[...], from: tree, depth: 1))
    }

    private static func deleting(
        _ path: ArraySlice<[UInt8]?>, from tree: JSONTree, depth: Int
    ) throws(EvaluationError) -> JSONTree {
        guard let first = path.first else { return tree }
        guard let name = first else { throw EvaluationError("path element at position \(depth) is null") }
        switch tree {
        case .object(var members):
            guard let place = members.firstIndex(where: { $0.name == name }) else { return tree }
            if path.count == 1 {
                members.remove(at: place)
            } else {
                members[place].value = try deleting(path.dropFirst(), from: members[place].value, depth: depth + 1)
            }
            return .object(members)
        case .array([]): return tree
        case .array(var elements):
            guard let index = Int32(String(decoding: name.drop { $0.isBlank }, as: UTF8.self)).map({ Int($0) }) else {
                throw EvaluationError("path element at position \(depth) is not an integer")
            }
            let place = index < 0 ? elements.count + index : index
            guard elements.indices.contains(place) else { return tree }
            if path.count == 1 {
                elements.remove(at: place)
            } else {
                elements[place] = try deleting(path.dropFirst(), from: elements[place], depth: depth + 1)
            }
            return .array(elements)
        default: return tree
        }
    }
}
