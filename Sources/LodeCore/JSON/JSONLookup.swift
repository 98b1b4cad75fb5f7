/// `->`, `->>`, `#>`, `#>>` and their kin on JSON text (jsonfuncs.c).
///
/// What they return stands in the text as it is: for json as it was written, for jsonb in normal form when
/// the text was (see ``JSONNormalForm``). SQL's null is nil. The text is checked whole first.
enum JSONLookup {
    /// Of the two types' differences only one is seen here: a jsonb scalar counts as an array for `-> 0`.
    enum Flavour: Hashable, Sendable { case json, jsonb }

    /// `json -> 'key'`; of equal keys the last one counts.
    static func field(_ key: [UInt8], of json: [UInt8]) throws(EvaluationError) -> [UInt8]? {
        try member(key, json, JSONScanner.wholeValue(json, strings: .decodable)).map { Array(json[$0]) }
    }

    /// `json ->> 'key'`
    static func fieldText(_ key: [UInt8], of json: [UInt8]) throws(EvaluationError) -> [UInt8]? {
        guard let place = try member(key, json, JSONScanner.wholeValue(json, strings: .decodable)) else { return nil }
        return text(json, place)
    }

    /// `json -> index`: from zero, or from the end when negative.
    static func element(
        _ index: Int, of json: [UInt8], _ flavour: Flavour = .jsonb
    ) throws(EvaluationError) -> [UInt8]? {
        try elementPlace(index, json, flavour).map { Array(json[$0]) }
    }

    /// `json ->> index`
    static func elementText(
        _ index: Int, of json: [UInt8], _ flavour: Flavour = .jsonb
    ) throws(EvaluationError) -> [UInt8]? {
        guard let place = try elementPlace(index, json, flavour) else { return nil }
        return text(json, place)
    }

    /// `json #> path`: names, and numbers for arrays. A null in the path makes the result null.
    static func path(_ path: [[UInt8]?], of json: [UInt8]) throws(EvaluationError) -> [UInt8]? {
        try place(of: path, json).map { Array(json[$0]) }
    }

    /// `json #>> path`
    static func pathText(_ path: [[UInt8]?], of json: [UInt8]) throws(EvaluationError) -> [UInt8]? {
        guard let place = try place(of: path, json) else { return nil }
        return text(json, place)
    }

    /// What `->>` makes of a value: a string's characters, nil for null, else the value as it stands.
    static func text(of json: [UInt8]) throws(EvaluationError) -> [UInt8]? {
        text(json, try JSONScanner.wholeValue(json, strings: .decodable))
    }

    /// `json_typeof`, `jsonb_typeof`: object, array, string, number, boolean or null.
    static func typeOf(_ json: [UInt8]) throws(EvaluationError) -> StaticString {
        let value = try JSONScanner.wholeValue(json, strings: .asWritten)
        switch json[value.lowerBound] {
        case UInt8(ascii: "{"): return "object"
        case UInt8(ascii: "["): return "array"
        case UInt8(ascii: "\""): return "string"
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return "boolean"
        case UInt8(ascii: "n"): return "null"
        default: return "number"
        }
    }

    /// `json_array_length`, `jsonb_array_length`
    static func arrayLength(_ json: [UInt8]) throws(EvaluationError) -> Int {
        let value = try JSONScanner.wholeValue(json, strings: .asWritten)
        guard json[value.lowerBound] == UInt8(ascii: "[") else {
            throw EvaluationError("cannot get array length of a JSON value that is no array")
        }
        return try elements(json, value, strings: .asWritten).count
    }

    // MARK: - Places

    private static func place(of path: [[UInt8]?], _ json: [UInt8]) throws(EvaluationError) -> Range<Int>? {
        var place = try JSONScanner.wholeValue(json, strings: .decodable)
        var names: [[UInt8]] = []
        for name in path {
            guard let name else { return nil }
            names.append(name)
        }
        for name in names {
            let next: Range<Int>?
            switch json[place.lowerBound] {
            case UInt8(ascii: "{"): next = try member(name, json, place)
            case UInt8(ascii: "["):
                guard let index = index(name) else { return nil }
                next = try element(index, json, place)
            default: return nil
            }
            guard let next else { return nil }
            place = next
        }
        return place
    }

    /// The number that `strtoint` reads from all of a path's name.
    private static func index(_ name: [UInt8]) -> Int? {
        let digits = name.drop { $0 == 0x20 || $0 &- 9 < 5 }
        return Int32(String(decoding: digits, as: UTF8.self)).map { Int($0) }
    }

    private static func elementPlace(
        _ index: Int, _ json: [UInt8], _ flavour: Flavour
    ) throws(EvaluationError) -> Range<Int>? {
        let value = try JSONScanner.wholeValue(json, strings: .decodable)
        switch json[value.lowerBound] {
        case UInt8(ascii: "["): return try element(index, json, value)
        case UInt8(ascii: "{"): return nil
        default: return flavour == .jsonb && (index == 0 || index == -1) ? value : nil
        }
    }

    private static func element(
        _ index: Int, _ json: [UInt8], _ array: Range<Int>
    ) throws(EvaluationError) -> Range<Int>? {
        let places = try elements(json, array, strings: .decodable)
        let (place, isBeyond) = index < 0 ? index.addingReportingOverflow(places.count) : (index, false)
        return !isBeyond && places.indices.contains(place) ? places[place] : nil
    }

    /// The place of each element of the array at `array`.
    static func elements(
        _ json: [UInt8], _ array: Range<Int>, strings: JSONScanner.Strings
    ) throws(EvaluationError) -> [Range<Int>] {
        var scanner = JSONScanner(json, array, strings: strings)
        guard scanner.take(UInt8(ascii: "[")) else { return [] }
        scanner.skipSpace()
        if scanner.take(UInt8(ascii: "]")) { return [] }
        var places: [Range<Int>] = []
        repeat {
            places.append(try scanner.skipValue())
            scanner.skipSpace()
        } while scanner.take(UInt8(ascii: ","))
        return places
    }

    /// The place of the value of the last member of that name; nil: no object, or no such member.
    private static func member(
        _ key: [UInt8], _ json: [UInt8], _ object: Range<Int>
    ) throws(EvaluationError) -> Range<Int>? {
        var scanner = JSONScanner(json, object)
        guard scanner.take(UInt8(ascii: "{")) else { return nil }
        scanner.skipSpace()
        if scanner.take(UInt8(ascii: "}")) { return nil }
        var found: Range<Int>?
        repeat {
            let name = try scanner.readName()
            let value = try scanner.skipValue()
            if isName(json, name, key) { found = value }
            scanner.skipSpace()
        } while scanner.take(UInt8(ascii: ","))
        return found
    }

    private static func isName(_ json: [UInt8], _ place: Range<Int>, _ key: [UInt8]) -> Bool {
        let written = json[place]
        if !written.contains(UInt8(ascii: "\\")) { return written.elementsEqual(key) }
        var name: [UInt8] = []
        return JSONEscapes.append(json.span.extracting(place), to: &name) && name == key
    }

    private static func text(_ json: [UInt8], _ place: Range<Int>) -> [UInt8]? {
        switch json[place.lowerBound] {
        case UInt8(ascii: "n"): return nil
        case UInt8(ascii: "\""):
            var text: [UInt8] = []
            // Its escapes were checked with the whole text.
            _ = JSONEscapes.append(json.span.extracting((place.lowerBound + 1)..<(place.upperBound - 1)), to: &text)
            return text
        default: return Array(json[place])
        }
    }
}
