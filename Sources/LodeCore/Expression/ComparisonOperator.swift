/// What is asked of two values that can be compared.
public enum ComparisonOperator: UInt8, Hashable, Sendable {
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual
    /// `is distinct from`: null is a value like any other, equal to itself only.
    case distinct
    case notDistinct

    /// The operator that says the same with its sides exchanged.
    var mirrored: ComparisonOperator {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .equal, .notEqual, .distinct, .notDistinct: self
        }
    }

    /// Whether values need no more than to be told apart.
    var isEquality: Bool {
        switch self {
        case .equal, .notEqual, .distinct, .notDistinct: true
        case .less, .lessOrEqual, .greater, .greaterOrEqual: false
        }
    }

    /// As PostgreSQL names it in its messages.
    var symbol: String {
        switch self {
        case .equal, .distinct, .notDistinct: "="
        case .notEqual: "<>"
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        }
    }

    /// The answer for two values; `order` is negative when the left one comes first.
    func holds(_ order: Int) -> Bool {
        switch self {
        case .equal, .notDistinct: order == 0
        case .notEqual, .distinct: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }

    /// The answer when it does not take both values to know it; nil when both are there.
    ///
    /// An ordinary comparison with null is null, whatever the other side is, so `null = unknown` is
    /// null. For `is distinct from` a null can be told from a value that is merely not known, and
    /// from nothing else.
    func outcome(_ left: Presence, _ right: Presence) -> Truth? {
        if left == .value, right == .value { return nil }
        let isNull = left == .null || right == .null
        switch self {
        case .distinct, .notDistinct:
            if left == .null, right == .null { return self == .notDistinct ? .true : .false }
            let other = left == .null ? right : left
            if isNull, other != .unknown { return self == .distinct ? .true : .false }
            return .unknown
        default:
            return isNull ? .null : .unknown
        }
    }
}

/// What is there of a value before one looks at it.
enum Presence: UInt8, Sendable {
    case value
    case null
    /// The log does not say; it may be null.
    case unknown
    /// The log does not say, but it is not null: a TOAST value that the update left out.
    case unchanged
}
