import Lode
import LodeCore
import Testing

struct EventComparisonTests {
    private func event(_ id: String, type: String = "A", data: String = "{}") throws -> EventLine {
        let line = "{\"id\":\"\(id)\",\"type\":\"\(type)\",\"subject\":\"k\",\"data\":\(data)}"
        return try #require(EventLine(Array(line.utf8)))
    }

    /// A letter for each difference, in order.
    private func kinds(_ comparison: EventComparison) -> [String] {
        comparison.differences.map { difference in
            switch difference {
            case .added(let event): "+\(event.id)"
            case .dropped(let event): "-\(event.id)"
            case .changed(_, let event, _): "~\(event.id)"
            }
        }
    }

    @Test func eventsAreMatchedByTheirIDs() throws {
        var comparison = EventComparison(most: 9)
        comparison.compare(
            old: try [event("1"), event("2"), event("3", data: "{\"n\":1}")],
            new: try [event("0", type: "B"), event("1"), event("3", data: "{\"n\":2}"), event("4")])
        #expect(kinds(comparison) == ["+0", "-2", "~3", "+4"])
        #expect(comparison.counts["A"] == .init(before: 3, after: 3, added: 1, dropped: 1, changed: 1))
        #expect(comparison.counts["B"] == .init(before: 0, after: 1, added: 1, dropped: 0, changed: 0))
        #expect(comparison.moved == nil)
        #expect(!comparison.isEqual)
    }

    @Test func blanksAndTheOrderOfMembersDoNotCount() throws {
        var comparison = EventComparison(most: 9)
        comparison.compare(
            old: try [event("1", data: "{\"a\":1,\"b\":[ ]}")], new: try [event("1", data: "{ \"b\":[],\"a\":1}")])
        #expect(comparison.isEqual)
    }

    @Test func everyDigitOfANumberCounts() throws {
        var comparison = EventComparison(most: 9)
        comparison.compare(
            old: try [event("1", data: "{\"a\":1.0}")], new: try [event("1", data: "{\"a\":1.00}")])
        #expect(kinds(comparison) == ["~1"])
    }

    @Test func anotherOrderIsADifference() throws {
        var comparison = EventComparison(most: 9)
        comparison.compare(old: try [event("1"), event("2")], new: try [event("2"), event("1")])
        #expect(comparison.differences.isEmpty)
        #expect(comparison.moved?.id == "1")
        #expect(!comparison.isEqual)
    }

    @Test func ofEqualIDsTheSecondBelongsToTheSecond() throws {
        var comparison = EventComparison(most: 9)
        comparison.compare(
            old: try [event("1", data: "1"), event("1", data: "2")],
            new: try [event("1", data: "1"), event("1", data: "2"), event("1", data: "3")])
        #expect(kinds(comparison) == ["+1"])
    }

    @Test func onlyTheFirstOfEachKindAreKeptAndAllAreCounted() throws {
        var comparison = EventComparison(most: 2)
        for part in 0..<3 {
            comparison.compare(old: try [event("o\(part)")], new: try [event("n\(part)")])
        }
        #expect(kinds(comparison) == ["+n0", "-o0", "+n1", "-o1"])
        #expect(comparison.total == .init(before: 3, after: 3, added: 3, dropped: 3, changed: 0))
    }

    @Test func aChangeNamesTheInnermostMembers() throws {
        let old = try #require(JSONTree(json: Array(#"{"a":{"b":[1,{"c d":2}],"e":null},"f":1}"#.utf8)))
        let new = try #require(JSONTree(json: Array(#"{"f":1,"a":{"b":[1,{"c d":3},4]},"g":"x"}"#.utf8)))
        let found = MemberDifference.between(old, new)
        #expect(found.map(\.path) == [#"a.b[1]["c d"]"#, "a.b[2]", "a.e", "g"])
        #expect(found.map { $0.old.map { String(decoding: $0, as: UTF8.self) } } == ["2", nil, "null", nil])
        #expect(found.map { $0.new.map { String(decoding: $0, as: UTF8.self) } } == ["3", "4", nil, "\"x\""])
    }

    @Test func aLineThatIsNoEventIsNamed() throws {
        let lines = "{\"id\":\"1\",\"type\":\"A\"}\r\n\n{\"id\":\"2\"}\n"
        #expect(throws: EventLineError(line: 3)) { try EventLine.all(of: Array(lines.utf8)) }
        #expect(try EventLine.all(of: Array(lines.utf8.prefix(24))).map(\.id) == ["1"])
    }
}
