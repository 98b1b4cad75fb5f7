import Testing

@testable import LodeCore

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
private func array(_ text: String) throws -> PostgresArray { try PostgresArray(parsing: bytes(text)) }

struct PostgresArrayTests {
    @Test(arguments: [
        "{}", "{1,NULL,3}", "{\"\",\"NULL\",\"a\\\"b\",\"c\\\\d\",\" e\",\"{\",\"f,g\"}", "{{1,2},{3,4}}",
        "[0:1]={1,2}",
        "[-1:0][5:6]={{a,b},{c,NULL}}", "{{{{{{x}}}}}}",
    ])
    func whatTheServerPrintsReadsBack(text: String) throws {
        #expect(try array(text).text() == bytes(text))
    }

    @Test(arguments: [
        "", "{", "}", "{a", "{a}}", "{a,}", "{,a}", "{\"a}", "{\"a\"b}", "{a\"b\"}", "{{a},b}", "{a,{b}}",
        "{{a},{b,c}}",
        "[1:2]={a}", "[2:1]={}", "[1:99999999999]={a}", "{{{{{{{x}}}}}}}", "{\\", "[a]={b}", "{}{}", "{{a},{}}",
    ])
    func whatIsNoArrayIsAnError(text: String) {
        #expect(throws: EvaluationError.self, "\(text)") { try array(text) }
    }

    @Test func blanksOfAPersonAreNotTheElements() throws {
        #expect(try array(" { a , \" b\" , null } ") == PostgresArray([bytes("a"), bytes(" b"), nil]))
    }

    @Test func subscriptsKeepToTheBounds() throws {
        let plain = try array("[0:1]={a,b}")
        #expect(plain[0] == bytes("a"))
        #expect(plain[2] == nil)
        #expect(plain[.min] == nil)
        #expect(plain[0, 0] == nil)
        let table = try array("{{1,2},{3,4}}")
        #expect(table[2, 1] == bytes("3"))
        #expect(table[2] == nil)
        #expect((table.length(1), table.length(2), table.length(3)) == (2, 2, nil))
        #expect((plain.lower(), plain.upper(), plain.cardinality) == (0, 1, 2))
    }

    @Test func nullsMakeMembershipUnknown() throws {
        let some = try array("{a,NULL}")
        #expect(some.contains(bytes("a"), by: ==) == true)
        #expect(some.contains(bytes("b"), by: ==) == nil)
        #expect(try array("{a}").contains(bytes("b"), by: ==) == false)
        #expect(try some.position(of: nil, by: ==) == 2)
        #expect(!some.containsAll(of: some, by: ==))
        #expect(try some.overlaps(array("{b,a}"), by: ==))
    }

    @Test func randomBytesNeverTrap() {
        var random = SystemRandomNumberGenerator()
        let alphabet = bytes("{}[],:=\"\\ aN1-é")
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0..<12, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
            if let array = try? PostgresArray(parsing: text) {
                #expect((try? PostgresArray(parsing: array.text())) == array, "\(text)")
            }
        }
    }
}
