import TestSupport
import Testing

@testable import LodeCore

@Suite struct MagnitudeTests {
    /// Limbs of all nines and of zeros, where carries and wrong guesses of long division are.
    private func magnitude(_ most: Int, _ random: inout SeededGenerator) -> Magnitude {
        Magnitude(
            limbs: (0..<Int.random(in: 0...most, using: &random)).map { _ in
                switch Int.random(in: 0..<5, using: &random) {
                case 0: 0
                case 1: 999_999_999
                case 2: 500_000_000
                case 3: UInt32.random(in: 0...3, using: &random)
                default: .random(in: 0...999_999_999, using: &random)
                }
            })
    }

    @Test func divisionUndoesMultiplication() {
        var random = SeededGenerator(for: "division")
        for _ in 0..<5000 {
            let (a, b, c) = (magnitude(8, &random), magnitude(5, &random), magnitude(5, &random))
            guard !b.isZero else { continue }
            let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
            #expect(remainder.compare(b) < 0)
            #expect(quotient.multiplied(by: b).adding(remainder) == a)
            #expect(a.multiplied(by: b).quotientAndRemainder(dividingBy: b).quotient == a)
            #expect(a.multiplied(by: b.adding(c)) == a.multiplied(by: b).adding(c.multiplied(by: a)))
            #expect(a.adding(b).subtracting(b) == a)
        }
    }

    @Test func powersOfTenMoveDigits() {
        var random = SeededGenerator(for: "powers of ten")
        for _ in 0..<2000 {
            let a = magnitude(6, &random)
            let count = Int.random(in: 0...70, using: &random)
            let power = Magnitude(10, toPower: count)
            #expect(a.scaledUp(by: count) == a.multiplied(by: power))
            let cut = a.scaledDown(by: count)
            let (quotient, remainder) = a.quotientAndRemainder(dividingBy: power)
            #expect(cut.quotient == quotient)
            #expect((cut.digit > 0 || cut.hasMore) == !remainder.isZero)
            #expect((cut.digit >= 5) == (count > 0 && remainder.adding(remainder).compare(power) >= 0))
            var digits: [UInt8] = []
            a.appendDigits(to: &digits)
            #expect(Magnitude(digits: digits) == a)
            #expect(a.isZero || a.digitCount == digits.count)
        }
    }

    @Test func squareRootIsTheLargestWhoseSquareFits() {
        var random = SeededGenerator(for: "square root")
        for _ in 0..<1000 {
            let a = magnitude(7, &random)
            let root = a.squareRoot
            #expect(root.multiplied(by: root).compare(a) <= 0)
            let next = root.adding(.word(1))
            #expect(next.multiplied(by: next).compare(a) > 0)
        }
    }
}
