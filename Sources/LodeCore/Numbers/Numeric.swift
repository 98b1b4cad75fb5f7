/// An exact decimal number, as PostgreSQL's `numeric`: any number of digits up to its limits, a scale
/// that says how many are shown behind the point, NaN and the infinities.
///
/// Equality and hash are those of the representation: `1.0` is not `1.00`. ``compare(_:)`` is the
/// order of values.
struct Numeric: Hashable, Sendable {
    enum Form: UInt8, Sendable { case finite, infinite, notANumber }

    /// Digits before the point (`NUMERIC_WEIGHT_MAX` in numeric.c, in decimal digits).
    static let mostWholeDigits = 131_072
    /// Digits behind it (`NUMERIC_DSCALE_MAX`).
    static let mostScale = 16_383

    let form: Form
    /// Never of a zero or of NaN.
    let isNegative: Bool
    /// Digits behind the point.
    let scale: Int
    /// The number without its point and sign: the value times 10^scale.
    let magnitude: Magnitude

    /// A finite number.
    init(_ magnitude: Magnitude, scale: Int, isNegative: Bool) {
        form = .finite
        self.magnitude = magnitude
        self.scale = scale
        self.isNegative = isNegative && !magnitude.isZero
    }

    private init(_ form: Form, isNegative: Bool) {
        (self.form, self.isNegative, scale, magnitude) = (form, isNegative, 0, .zero)
    }

    init(_ value: Int64) {
        self.init(.word(value.magnitude), scale: 0, isNegative: value < 0)
    }

    static let notANumber = Numeric(.notANumber, isNegative: false)
    static let infinity = Numeric(.infinite, isNegative: false)
    static let negativeInfinity = Numeric(.infinite, isNegative: true)
    static let zero = Numeric(0)

    static func infinity(isNegative: Bool) -> Numeric { isNegative ? negativeInfinity : infinity }

    var isNaN: Bool { form == .notANumber }
    var isInfinite: Bool { form == .infinite }
    var isFinite: Bool { form == .finite }
    var isZero: Bool { form == .finite && magnitude.isZero }

    /// The same, unless it has more digits before or behind the point than PostgreSQL can store.
    func checked() throws(ArithmeticError) -> Numeric {
        // What is in a word with any scale is small enough.
        if case .word = magnitude, scale <= Self.mostScale { return self }
        guard scale <= Self.mostScale, magnitude.digitCount - scale <= Self.mostWholeDigits else {
            throw .outOfRange("numeric")
        }
        return self
    }

    // MARK: - Order

    /// Negative when this comes first, zero when both are the same value. NaN equals itself and comes
    /// after all others.
    func compare(_ other: Numeric) -> Int {
        guard form == .finite, other.form == .finite else { return rank - other.rank }
        if isNegative != other.isNegative { return isNegative ? -1 : 1 }
        let order = compareMagnitude(other)
        return isNegative ? -order : order
    }

    private var rank: Int {
        switch form {
        case .finite: 0
        case .infinite: isNegative ? -1 : 1
        case .notANumber: 2
        }
    }

    private func compareMagnitude(_ other: Numeric) -> Int {
        if scale == other.scale || magnitude.isZero || other.magnitude.isZero {
            return magnitude.compare(other.magnitude)
        }
        // Where the first digit stands decides nearly always, and keeps the scaling small.
        let (place, otherPlace) = (magnitude.digitCount - scale, other.magnitude.digitCount - other.scale)
        if place != otherPlace { return place < otherPlace ? -1 : 1 }
        return magnitude.scaledUp(by: other.scale - scale)
            .compare(other.magnitude.scaledUp(by: scale - other.scale))
    }

    // MARK: - Sign

    var absolute: Numeric {
        isFinite ? Numeric(magnitude, scale: scale, isNegative: false) : Numeric(form, isNegative: false)
    }

    var negated: Numeric {
        switch form {
        case .finite: Numeric(magnitude, scale: scale, isNegative: !isNegative)
        case .infinite: .infinity(isNegative: !isNegative)
        case .notANumber: self
        }
    }

    /// -1, 0 or 1; NaN for NaN.
    var sign: Numeric { isNaN ? self : Numeric(isZero ? 0 : isNegative ? -1 : 1) }
}
