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

    static let integer = ScalarType(family: .integer, name: "integer")
    static let bigint = ScalarType(family: .integer, name: "bigint")
    static let numeric = ScalarType(family: .numeric, name: "numeric")
    static let real = ScalarType(family: .real, name: "real")
    static let boolean = ScalarType(family: .boolean, name: "boolean")
    static let text = ScalarType(family: .text, name: "text")

    init(family: Family, name: String) {
        self.family = family
        self.name = name
    }

    init(_ column: ColumnDefinition) {
        family = Self.family(column)
        name = column.baseType
    }

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

    private static func family(_ column: ColumnDefinition) -> Family {
        switch column.kind {
        case .integer: column.baseType == "oid" ? .oid : .integer
        case .numeric: .numeric
        case .float: column.baseType == "real" ? .real : .double
        case .boolean: .boolean
        case .text:
            switch column.baseType {
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
            switch column.baseType {
            case "interval": .interval
            case let name: name.hasSuffix(".citext") ? .caseless : .other
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
    /// In microseconds, of the day or of an interval.
    case time

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
            self = .time
            return
        }
        guard a.family == b.family else { return nil }
        switch a.family {
        case .boolean: self = .boolean
        case .uuid, .bytea: self = .bytes
        case .other where a.name == b.name: self = .bytes
        default: return nil
        }
    }

    /// How two values of one type are told apart; types without an operator of their own by their text.
    init(same type: ScalarType) { self = Comparison(type, type) ?? .bytes }
}
