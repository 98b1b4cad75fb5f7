/// A type as expressions see it: how its values compare, and its name for messages.
struct ScalarType: Hashable, Sendable {
    /// Finer than ``ValueKind`` where comparisons differ.
    enum Family: UInt8, Hashable, Sendable {
        case integer
        /// Compares with integers, and with no other number.
        case oid
        case numeric
        /// float4, whose values are rounded harder: `0.1::real = 0.1` is false in PostgreSQL.
        case real
        case double, boolean, text
        /// `character(n)`: spaces at the end do not count.
        case character
        /// Capitals do not count.
        case caseless
        case uuid, bytea, date, timestamp, timestampWithTimeZone, time, interval, json, array
        /// Types that are only known by their text.
        case other
    }

    let family: Family
    /// As PostgreSQL calls it; under a domain, the type that it is over.
    let name: String

    static let smallint = ScalarType(family: .integer, name: "smallint")
    static let integer = ScalarType(family: .integer, name: "integer")
    static let bigint = ScalarType(family: .integer, name: "bigint")
    static let numeric = ScalarType(family: .numeric, name: "numeric")
    static let real = ScalarType(family: .real, name: "real")
    static let double = ScalarType(family: .double, name: "double precision")
    static let boolean = ScalarType(family: .boolean, name: "boolean")
    static let text = ScalarType(family: .text, name: "text")
    static let bytea = ScalarType(family: .bytea, name: "bytea")
    static let json = ScalarType(family: .json, name: "json")
    static let jsonb = ScalarType(family: .json, name: "jsonb")
    static let date = ScalarType(family: .date, name: "date")
    static let time = ScalarType(family: .time, name: "time without time zone")
    static let timestamp = ScalarType(family: .timestamp, name: "timestamp without time zone")
    static let timestampWithTimeZone = ScalarType(family: .timestampWithTimeZone, name: "timestamp with time zone")
    static let interval = ScalarType(family: .interval, name: "interval")

    init(family: Family, name: String) {
        self.family = family
        self.name = name
    }

    init(_ column: ColumnDefinition) { self.init(named: column.baseType) }

    /// - Parameter name: As `format_type` prints it, without modifiers.
    init(named name: String) {
        family = Self.family(name, ValueKind(typeName: name))
        self.name = name
    }

    /// How the values read.
    var kind: ValueKind { ValueKind(typeName: name) }

    /// Of an array's type.
    var element: ScalarType? { family == .array ? ScalarType(named: String(name.dropLast(2))) : nil }

    var array: ScalarType { ScalarType(named: name + "[]") }

    /// How far up a number's type is on the ladder that PostgreSQL casts along; nil for what is no
    /// number of it.
    var reach: Int? {
        switch family {
        case .integer: name == "smallint" ? 0 : name == "integer" ? 1 : 2
        case .numeric: 3
        case .real: 4
        case .double: 5
        default: nil
        }
    }

    private static func family(_ name: String, _ kind: ValueKind) -> Family {
        switch kind {
        case .integer: name == "oid" ? .oid : .integer
        case .numeric: .numeric
        case .float: name == "real" ? .real : .double
        case .boolean: .boolean
        case .text:
            switch name {
            case "character": .character
            case "citext": .caseless
            default: .text
            }
        case .json: .json
        case .bytea: .bytea
        case .date: .date
        case .timestamp: .timestamp
        case .timestampWithTimeZone: .timestampWithTimeZone
        case .time: .time
        case .uuid: .uuid
        case .array: .array
        // citext and the like, when they live in a schema off the search path.
        case .other:
            switch name {
            case "interval": .interval
            default: name.hasSuffix(".citext") ? .caseless : .other
            }
        }
    }
}

extension ScalarType.Family {
    var isInteger: Bool { self == .integer || self == .oid }

    var isFloat: Bool { self == .real || self == .double }

    var isText: Bool { self == .text || self == .character || self == .caseless }

    var isTime: Bool { self == .time || self == .interval }

    var isMoment: Bool { self == .date || self == .timestamp || self == .timestampWithTimeZone }
}

/// How two values are compared.
enum Comparison: UInt8, Hashable, Sendable {
    /// As 64-bit integers.
    case integer
    /// As decimal digits, however many.
    case numeric
    case float
    case boolean
    /// Byte by byte, as the C collation does.
    case bytes
    case caseless
    /// By the calendar day.
    case date
    /// In microseconds, a date as its midnight; everything in UTC.
    case moment
    /// In microseconds of the day.
    case time
    /// With months of 30 days and days of 24 hours.
    case interval
    /// Of jsonb: equal or not.
    case json
    /// Element by element.
    case array

    /// How PostgreSQL compares two types with each other; nil when it does not.
    init?(_ a: ScalarType, _ b: ScalarType) {
        if a.family.isInteger, b.family.isInteger {
            self = .integer
            return
        }
        if a.reach != nil, b.reach != nil {
            self = a.family.isFloat || b.family.isFloat ? .float : .numeric
            return
        }
        if a.family.isText, b.family.isText {
            self = a.family == .caseless && b.family == .caseless ? .caseless : .bytes
            return
        }
        if a.family.isMoment, b.family.isMoment {
            self = a.family == .date && b.family == .date ? .date : .moment
            return
        }
        // A time of day stands for the interval since midnight where one is compared with it.
        if a.family.isTime, b.family.isTime {
            self = a.family == .time && b.family == .time ? .time : .interval
            return
        }
        guard a.family == b.family else { return nil }
        switch a.family {
        case .boolean: self = .boolean
        case .uuid, .bytea: self = .bytes
        case .json where a.name == "jsonb" && b.name == "jsonb": self = .json
        case .array:
            guard let left = a.element, let right = b.element, Comparison(left, right) != nil else { return nil }
            self = .array
        case .other where a.name == b.name: self = .bytes
        default: return nil
        }
    }

    /// How two values of one type are told apart; types without an operator of their own by their text.
    init(same type: ScalarType) { self = Comparison(type, type) ?? .bytes }
}
