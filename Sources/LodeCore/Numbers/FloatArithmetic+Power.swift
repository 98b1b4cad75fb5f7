#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension FloatArithmetic {
    /// `dpow` of float.c: the C library's power, with SQL's errors.
    static func power(_ base: Double, _ exponent: Double) throws(ArithmeticError) -> Double {
        if base.isNaN || exponent.isNaN { return pow(base, exponent) }
        if base == 0, exponent < 0 { throw .zeroToNegativePower }
        if base < 0, exponent.rounded(.down) != exponent { throw .complexPower }
        let result = pow(base, exponent)
        if base.isInfinite || exponent.isInfinite { return result }
        if result.isInfinite { throw .overflow }
        if result == 0, base != 0 { throw .underflow }
        return result
    }
}
