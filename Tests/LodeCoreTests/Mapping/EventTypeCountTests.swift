import LodeCore
import Testing

/// How many events a block has of each type: what metrics count by.
struct EventTypeCountTests {
    private func event(type: UInt16, data: String = "{}") -> [UInt8] {
        let rest: [UInt8] =
            [1, 0, 0, 0, 0, 0, UInt8(type & 255), UInt8(type >> 8), 255, 255, 255, 255, 255, 255, 0, 0]
            + Array(data.utf8)
        return [UInt8(rest.count), 0, 0, 0] + rest
    }

    private let names = [
        EventType(name: "A"), EventType(name: "B"), EventType(name: "B", own: "b"), EventType(name: "C"),
    ]

    @Test func everyEventCountsForItsType() {
        let body = [0, 1, 1, 2, 0, 1].flatMap { event(type: $0, data: #"{"x":"longer or not"}"#) }
        let open = EventBlock(types: names, body: body)
        #expect(open.countsByType() == [names[0]: 2, names[1]: 3, names[2]: 1], "a type without events is not there")
        let header = TransactionHeader(position: .counted(1), time: nil, count: 2)
        let alone = EventBlock(types: [names[0]], transactions: [header, header], body: body)
        #expect(alone.countsByType() == [names[0]: 4], "of one type, the headers say how many")
    }

    @Test func bytesOfNoBlockEndTheCount() {
        #expect(EventBlock(types: names, body: event(type: 0) + [1, 2, 3]).countsByType() == [names[0]: 1])
        #expect(EventBlock(types: names, body: event(type: 9)).countsByType().isEmpty)
        let endless: [UInt8] = Array(repeating: 255, count: 40)
        #expect(EventBlock(types: names, body: endless).countsByType().isEmpty)
    }
}
