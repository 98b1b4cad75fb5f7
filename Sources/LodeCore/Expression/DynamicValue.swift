/// Members of an event's data in a subscriber's `where`: JSON, read as what it is compared with.
///
/// A member that is not there, is null, or cannot be read so is null: an event of another shape is not
/// an error of the subscriber's.
enum DynamicValue {
    static func term(_ json: Term, as type: ScalarType) -> Term {
        if type.name == "jsonb" { return json }
        let body: Term.Body = { values in
            guard case .text(let json) = values[0] else { return .null }
            return value(json, as: type)
        }
        return .call(Term.Call(arguments: [json], isStrict: true, body: body))
    }

    private static func value(_ json: [UInt8], as type: ScalarType) -> Value {
        guard let text = try? JSONLookup.text(of: json) else { return .null }
        switch (json.first ?? 0, type.family) {
        case (UInt8(ascii: "\""), _): return Value(text, as: type) ?? .null
        case (UInt8(ascii: "t"), .boolean), (UInt8(ascii: "f"), .boolean): return Value(text, as: .boolean) ?? .null
        case (_, .text): return .text(text)
        case (UInt8(ascii: "-"), _), (UInt8(ascii: "0")...UInt8(ascii: "9"), _):
            return type.reach != nil ? Value(text, as: type) ?? .null : .null
        default: return .null
        }
    }
}
