/// What a condition comes to: SQL's three outcomes, and a fourth for “the log did not say”.
///
/// ``null`` is PostgreSQL's: the database itself would not know. ``unknown`` is ours: the database
/// would, but the log leaves out a value that it takes to tell. An outcome is only unknown when the
/// missing value could change it; `false and unknown` is false, `true or unknown` is true.
///
///     and      | true     null     false  unknown        or       | true  null     false    unknown
///     true     | true     null     false  unknown        true     | true  true     true     true
///     null     | null     null     false  unknown        null     | true  null     null     unknown
///     false    | false    false    false  false          false    | true  null     false    unknown
///     unknown  | unknown  unknown  false  unknown        unknown  | true  unknown  unknown  unknown
///
/// `null and unknown` is unknown, for it is false or null; `null or unknown` is true or null.
public enum Truth: UInt8, Hashable, Sendable, CaseIterable {
    case `false`
    case `true`
    case null
    case unknown

    public init(_ value: Bool) { self = value ? .true : .false }

    public func and(_ other: Truth) -> Truth {
        if self == .false || other == .false { return .false }
        return joined(other)
    }

    public func or(_ other: Truth) -> Truth {
        if self == .true || other == .true { return .true }
        return joined(other)
    }

    public var negated: Truth {
        switch self {
        case .false: .true
        case .true: .false
        case .null, .unknown: self
        }
    }

    /// Of two that do not decide: unknown before null before the operator's neutral one.
    private func joined(_ other: Truth) -> Truth { rawValue >= other.rawValue ? self : other }

    /// `is null`, `is true` and `is false` of it.
    func passes(_ test: TruthTest) -> Truth {
        guard self != .unknown else { return .unknown }
        switch test {
        case .null: return Truth(self == .null)
        case .true: return Truth(self == .true)
        case .false: return Truth(self == .false)
        }
    }

    var presence: Presence {
        switch self {
        case .false, .true: .value
        case .null: .null
        case .unknown: .unknown
        }
    }
}

enum TruthTest: UInt8, Hashable, Sendable {
    case null
    case `true`
    case `false`
}
