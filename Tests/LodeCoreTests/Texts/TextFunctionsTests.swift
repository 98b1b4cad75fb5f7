import Testing

@testable import LodeCore

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// What PostgreSQL's manual (9.4, 9.19) and the standards say; the live server is asked elsewhere.
struct TextFunctionsTests {
    @Test func lettersChangeCaseOneByOne() {
        #expect(text(TextFunctions.upper(bytes("straße é ᾳ ŉ"))) == "STRAßE É ᾼ ŉ")
        #expect(text(TextFunctions.lower(bytes("ÀİΣ"))) == "àiσ")
        #expect(text(TextFunctions.initcap(bytes("hi THOMAS o'neil über-MUT 3rd"))) == "Hi Thomas O'Neil Über-Mut 3rd")
    }

    @Test func positionsCountCharacters() throws {
        #expect(TextFunctions.length(bytes("jos\u{65}\u{301} 😀")) == 7)
        #expect(TextFunctions.octetLength(bytes("é😀")) == 6)
        #expect(text(try TextFunctions.substring(bytes("Thomas"), from: 2, count: 3)) == "hom")
        #expect(text(try TextFunctions.substring(bytes("é😀x"), from: -1, count: 4)) == "é😀")
        #expect(text(try TextFunctions.substring(bytes("é😀x"), from: 2)) == "😀x")
        #expect(text(try TextFunctions.substring(bytes("abc"), from: .max, count: .max)) == "")
        #expect(text(try TextFunctions.substring(bytes("abc"), from: .min, count: .max)) == "")
        #expect(throws: EvaluationError.self) { try TextFunctions.substring(bytes("abc"), from: 1, count: -1) }
        #expect(text(TextFunctions.left(bytes("é😀x"), -1)) == "é😀")
        #expect(text(TextFunctions.right(bytes("é😀x"), 2)) == "😀x")
        #expect(text(TextFunctions.right(bytes("é😀x"), .min)) == "")
        #expect(TextFunctions.position(of: bytes("x"), in: bytes("é😀x")) == 3)
        #expect(text(TextFunctions.reverse(bytes("aé😀"))) == "😀éa")
    }

    @Test func splitPartCountsFromBothEnds() throws {
        #expect(text(try TextFunctions.splitPart(bytes("abc~@~def~@~ghi"), bytes("~@~"), 2)) == "def")
        #expect(text(try TextFunctions.splitPart(bytes("abc,def,ghi,jkl"), bytes(","), -2)) == "ghi")
        #expect(text(try TextFunctions.splitPart(bytes("abc"), bytes(","), .min)) == "")
        #expect(throws: EvaluationError.self) { try TextFunctions.splitPart(bytes("a"), bytes(","), 0) }
    }

    @Test func textsThatGrowAreBounded() throws {
        #expect(throws: EvaluationError.self) { try TextFunctions.repeat(bytes("ab"), .max) }
        #expect(throws: EvaluationError.self) { try TextFunctions.pad(bytes("a"), to: .max, at: .start) }
        #expect(throws: EvaluationError.self) {
            try TextFunctions.pad(bytes("a"), to: 9 << 20, with: bytes("é"), at: .end)
        }
        let long = try TextFunctions.repeat(bytes("a"), 1 << 20)
        #expect(throws: EvaluationError.self) { try TextFunctions.replace(long, bytes("a"), with: long) }
        #expect(throws: EvaluationError.self) { try TextFunctions.concat(Array(repeating: long, count: 17)) }
    }

    @Test(arguments: [
        ("4111 1111 1111 1234", 4, "***************1234"), ("secret", 0, "******"), ("é😀x", 1, "**x"),
        ("abc", 3, "***"), ("abc", 9, "***"), ("abc", -1, "***"), ("", 4, ""),
    ])
    func maskShowsNoMoreThanTheEnd(plain: String, kept: Int, masked: String) {
        #expect(text(TextFunctions.mask(bytes(plain), keeping: kept)) == masked)
    }

    /// RFC 1321, A.5.
    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"),
        (String(repeating: "1234567890", count: 8), "57edf4a22be3c955ac49da2e2107b67a"),
    ])
    func md5IsThatOfTheRFC(message: String, digest: String) {
        #expect(text(TextDigest.md5(bytes(message))) == digest)
    }

    /// FIPS 180-4's examples (NIST, SHA256.pdf), and the million of a's of FIPS 180-2, B.3.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ])
    func sha256IsThatOfTheStandard(message: String, digest: String) {
        #expect(text(TextDigest.sha256(bytes(message))) == digest)
    }
}

struct LikePatternTests {
    @Test(arguments: [
        ("abc", "abc", true), ("abc", "a%", true), ("abc", "_b_", true), ("abc", "c", false), ("", "%", true),
        ("", "_", false), ("a%c", "a\\%c", true), ("abc", "a\\%c", false), ("é😀", "__", true), ("é😀", "%😀", true),
        ("aXbXc", "%X_", true), ("mississippi", "m%iss%pi", true), ("mississippi", "%iss%iss_", false),
        ("abc", "%%_%_%", true), ("ab", "%_%_%_%", false),
    ])
    func percentIsAnythingAndUnderscoreOneCharacter(text: String, pattern: String, matches: Bool) throws {
        #expect(try LikePattern(bytes(pattern)).matches(bytes(text)) == matches, "\(text) LIKE \(pattern)")
    }

    @Test func escapesCanBeChosenOrLeftOut() throws {
        #expect(try LikePattern(bytes("a#%"), escape: bytes("#")).matches(bytes("a%")))
        #expect(try LikePattern(bytes("a\\%"), escape: []).matches(bytes("a\\b")))
        #expect(try LikePattern(bytes("É_%"), ignoringCase: true).matches(bytes("éx")))
        #expect(throws: EvaluationError("LIKE pattern must not end with escape character")) {
            try LikePattern(bytes("a\\"))
        }
        #expect(throws: EvaluationError.self) { try LikePattern(bytes("a"), escape: bytes("##")) }
    }

    @Test func manyPercentsTakeNoLongTime() throws {
        let pattern = String(repeating: "%a", count: 200) + "%b"
        #expect(try !LikePattern(bytes(pattern)).matches(Array(repeating: UInt8(ascii: "a"), count: 20_000)))
    }
}
