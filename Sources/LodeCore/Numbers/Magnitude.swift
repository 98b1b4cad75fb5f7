/// A whole number from zero up, of any size: in a word where it fits, so that usual numbers allocate
/// nothing, else in limbs of nine decimal digits, which round and print without a division.
enum Magnitude: Hashable, Sendable {
    case word(UInt64)
    /// More than a word holds: the least significant limb first, the last one not zero.
    case limbs([UInt32])

    static let limbBase: UInt64 = 1_000_000_000
    static let limbDigits = 9
    static let zero = Magnitude.word(0)

    /// 10^0 to 10^19, all that a word holds.
    static let powersOfTen: [UInt64] = (0...19).map { count in (0..<count).reduce(1) { power, _ in power * 10 } }

    init(_ wide: UInt128) {
        if let word = UInt64(exactly: wide) {
            self = .word(word)
            return
        }
        var limbs: [UInt32] = []
        limbs.reserveCapacity(5)
        var rest = wide
        while rest > 0 {
            limbs.append(UInt32(rest % UInt128(Self.limbBase)))
            rest /= UInt128(Self.limbBase)
        }
        self = .limbs(limbs)
    }

    /// From limbs that may have zeros at their end, or be few enough for a word.
    init(limbs: [UInt32]) {
        var limbs = limbs
        while limbs.last == 0 { limbs.removeLast() }
        // A word has at most twenty digits.
        if limbs.count <= 3 {
            let wide = limbs.reversed().reduce(UInt128(0)) { $0 * UInt128(Self.limbBase) + UInt128($1) }
            if let word = UInt64(exactly: wide) {
                self = .word(word)
                return
            }
        }
        self = .limbs(limbs)
    }

    /// From decimal digits in ASCII.
    init(digits: [UInt8]) {
        var limbs: [UInt32] = []
        limbs.reserveCapacity(digits.count / Self.limbDigits + 1)
        var end = digits.count
        while end > 0 {
            let start = max(0, end - Self.limbDigits)
            limbs.append(digits[start..<end].reduce(0) { $0 * 10 + UInt32($1 &- 48) })
            end = start
        }
        self.init(limbs: limbs)
    }

    /// 2 or 5, or another small number, to a power.
    init(_ base: UInt64, toPower exponent: Int) {
        var (result, square, rest) = (Magnitude.word(1), Magnitude.word(base), exponent)
        while rest > 0 {
            if rest & 1 == 1 { result = result.multiplied(by: square) }
            rest >>= 1
            if rest > 0 { square = square.multiplied(by: square) }
        }
        self = result
    }

    var isZero: Bool { self == .word(0) }

    /// None for zero.
    var digitCount: Int {
        switch self {
        case .word(let word): Self.digitCount(word)
        case .limbs(let limbs): (limbs.count - 1) * Self.limbDigits + Self.digitCount(UInt64(limbs.last ?? 0))
        }
    }

    private static func digitCount(_ word: UInt64) -> Int {
        var count = 0
        while count < powersOfTen.count, word >= powersOfTen[count] { count += 1 }
        return count
    }

    /// The first `count` digits, at most nine, with zeros behind them where there are fewer.
    func leading(_ count: Int) -> UInt64 {
        let surplus = digitCount - count
        let cut = surplus > 0 ? scaledDown(by: surplus).quotient : scaledUp(by: -surplus)
        if case .word(let word) = cut { return word }
        return 0
    }

    var limbs: [UInt32] {
        switch self {
        case .limbs(let limbs): return limbs
        case .word(let word):
            let base = Self.limbBase
            if word < base { return [UInt32(word)] }
            if word < base * base { return [UInt32(word % base), UInt32(word / base)] }
            return [UInt32(word % base), UInt32(word / base % base), UInt32(word / (base * base))]
        }
    }

    func compare(_ other: Magnitude) -> Int {
        switch (self, other) {
        case (.word(let a), .word(let b)): return a < b ? -1 : a == b ? 0 : 1
        case (.word, .limbs): return -1
        case (.limbs, .word): return 1
        case (.limbs(let a), .limbs(let b)):
            if a.count != b.count { return a.count < b.count ? -1 : 1 }
            for index in a.indices.reversed() where a[index] != b[index] { return a[index] < b[index] ? -1 : 1 }
            return 0
        }
    }

    /// Appends the decimal digits; `0` for zero.
    func appendDigits(to out: inout [UInt8]) {
        switch self {
        case .word(let word): JSONText.append(word, to: &out)
        case .limbs(let limbs):
            out.reserveCapacity(out.count + limbs.count * Self.limbDigits)
            JSONText.append(limbs.last ?? 0, to: &out)
            for limb in limbs.dropLast().reversed() {
                var power: UInt32 = 100_000_000
                while power > 0 {
                    out.append(UInt8(48 + limb / power % 10))
                    power /= 10
                }
            }
        }
    }
}
