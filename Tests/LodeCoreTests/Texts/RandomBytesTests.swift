import TestSupport
import Testing

@testable import LodeCore

/// Text of a recording may be any bytes.
struct RandomBytesTests {
    @Test func randomBytesNeverTrap() throws {
        var random = SeededGenerator(for: "random bytes as text")
        let alphabet: [UInt8] = [
            0x00, 0x20, 0x41, 0x61, 0x7F, 0x80, 0xBF, 0xC3, 0xE2, 0xED, 0xF0, 0xF8, 0xFF, 0x25, 0x5F, 0x5C,
        ]
        func text() -> [UInt8] {
            (0..<Int.random(in: 0..<9, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
        }
        for _ in 0..<20_000 {
            let (one, two, three) = (text(), text(), text())
            let number = [Int.min, -3, -1, 0, 1, 2, 5, Int.max].randomElement(using: &random)!
            _ = (TextFunctions.lower(one), TextFunctions.upper(one), TextFunctions.initcap(one))
            #expect(TextFunctions.reverse(one).count == one.count)
            _ = try TextFunctions.substring(one, from: number, count: 2)
            _ = (TextFunctions.left(one, number), TextFunctions.right(one, number), TextFunctions.ascii(one))
            _ = try TextFunctions.replace(one, two, with: three)
            _ = try TextFunctions.translate(one, from: two, to: three)
            _ = TextFunctions.trim(one, of: two)
            _ = TextFunctions.stringToArray(one, delimiter: two, null: three)
            _ = try? TextFunctions.splitPart(one, two, number)
            _ = try? TextFunctions.pad(one, to: min(number, 20), with: two, at: .end)
            _ = TextFunctions.mask(one, keeping: number)
            let pattern = try? LikePattern(two, escape: [0x5C], ignoringCase: number > 0)
            _ = pattern?.matches(one)
        }
    }
}
