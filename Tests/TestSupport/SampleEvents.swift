public import LodeCore
public import LodeDelivery
public import LodeJournal

/// Events made by hand, as the journal has them: what handlers are tested with, without a database.
public struct SampleEvent: Sendable {
    public var type: String
    public var key: String?
    /// JSON.
    public var data: String?
    /// Further attributes by `lode.context`, as JSON members with a comma before each.
    public var context: String
    /// When its transaction was committed; the default is long past, and the same at every run.
    public var time = Timestamp(microseconds: 1_700_000_000_000_000)

    public init(_ type: String = "OrderPlaced", key: String? = nil, data: String? = "{}", context: String = "") {
        self.type = type
        self.key = key
        self.data = data
        self.context = context
    }
}

public enum SampleEvents {
    public static let source = "urn:lode:shop:7000000000000000001"

    /// Each event in a block and a transaction of its own, at positions from `first` on; ids are
    /// `00000000000003E8-1-OrderPlaced` and so on, the commit LSN being 1000 and then one more each.
    public static func blocks(_ events: [SampleEvent], first: Position = 1) -> [PlacedBlock] {
        events.enumerated().map { index, event in
            PlacedBlock(
                first: first + Int64(index), source: 1, block: block(event, number: UInt64(first) + UInt64(index)))
        }
    }

    public static func chunk(_ events: [SampleEvent], first: Position = 1) throws -> EventChunk {
        try EventChunk(
            blocks(events, first: first), after: first - 1, for: EventFilter(),
            writers: [1: CloudEventWriter(source: source)], typePrefix: "")
    }

    public static func batch(
        _ events: [SampleEvent], first: Position = 1, floor: Position = 0, generation: Int64 = 0,
        journal: String = "", wasSetAside: Bool = false
    ) throws -> EventBatch {
        EventBatch(
            try chunk(events, first: first), floor: floor, generation: generation, journal: journal,
            wasSetAside: wasSetAside)
    }

    /// The layout is ``EventBlock``'s.
    public static func block(_ event: SampleEvent, number: UInt64) -> EventBlock {
        let key = event.key.map { Array($0.utf8) }
        var rest: [UInt8] = []
        append(UInt32(1), to: &rest)
        append(UInt16(0), to: &rest)
        append(UInt16(0), to: &rest)
        append(key.map { UInt32($0.count) } ?? UInt32.max, to: &rest)
        append(UInt16.max, to: &rest)
        append(UInt16(0), to: &rest)
        rest += key ?? []
        rest += Array((event.data ?? "").utf8)
        var body: [UInt8] = []
        append(UInt32(rest.count), to: &body)
        let header = TransactionHeader(
            position: .lsn(LSN(999 + number)), time: Timestamp(microseconds: event.time.microseconds + Int64(number)),
            count: 1, context: Array(event.context.utf8))
        return EventBlock(types: [EventType(name: event.type)], transactions: [header], body: body + rest)
    }

    private static func append<Number: FixedWidthInteger>(_ number: Number, to out: inout [UInt8]) {
        for index in 0..<MemoryLayout<Number>.size {
            out.append(UInt8(truncatingIfNeeded: number >> Number(8 * index)))
        }
    }
}
