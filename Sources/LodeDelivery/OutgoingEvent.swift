public import LodeCore
public import LodeJournal

/// One event on its way to a subscriber. What a handler asks for is made when it asks.
public struct OutgoingEvent: Sendable {
    let chunk: EventChunk
    let line: Int

    private var placed: PlacedBlock { chunk.blocks[Int(chunk.lines[line].block)] }

    /// Never nil: the chunk walked over these bytes when it was made.
    private var view: EventView? { chunk.view(line) }

    /// Its place in the journal.
    public var position: Position { chunk.lines[line].position }

    /// Of its key, data and attributes, about.
    public var size: Int { Int(chunk.lines[line].bytes) }

    /// With `source` it names the event for ever.
    public var id: String { String(decoding: idBytes, as: UTF8.self) }

    public var idBytes: [UInt8] {
        guard let event = view else { return [] }
        if let own = event.id { return Array(placed.block.body[own.range]) }
        var id: [UInt8] = []
        CloudEventWriter.appendID(event, type: placed.block.types[Int(event.type)].name, to: &id)
        return id
    }

    public var source: String { chunk.writers[placed.source]?.sourceText ?? "" }

    /// Its type, with the prefix.
    public var type: String { eventType?.text(prefix: chunk.typePrefix) ?? "" }

    /// The mapping's name for its type, without the prefix.
    public var name: String { eventType?.text(prefix: "") ?? "" }

    private var eventType: EventType? { view.map { placed.block.types[Int($0.type)] } }

    /// The business entity it is about; nil: none.
    public var key: [UInt8]? { view?.key.map { Array(placed.block.body[$0.range]) } }

    /// When its transaction was committed; nil in a log without times.
    public var time: Timestamp? { view?.transaction.time }

    public var sequence: String {
        var sequence: [UInt8] = []
        if let view { CloudEventWriter.appendSequence(view, to: &sequence) }
        return String(decoding: sequence, as: UTF8.self)
    }

    /// JSON; nil: none.
    public var data: ArraySlice<UInt8>? {
        view?.data.map { placed.block.body[$0.range] }
    }

    /// The attributes beyond those of CloudEvents' core, `partitionkey` and `sequence`: those of the
    /// transaction's `lode.context`, and marks such as `reselected`. Values as text.
    public var extensions: [(name: String, value: String)] {
        guard let event = view else { return [] }
        let members = event.transaction.context + placed.block.body[event.marks.range]
        guard !members.isEmpty,
            case .object(let tree)? = JSONTree(json: Array("{".utf8) + members.dropFirst() + Array("}".utf8))
        else { return [] }
        return tree.map { (String(decoding: $0.name, as: UTF8.self), $0.value.attributeText) }
    }

    /// The whole event as CloudEvents JSON, on one line: the same bytes at every delivery.
    public var json: [UInt8] {
        var out: [UInt8] = []
        guard let view, var writer = chunk.writers[placed.source] else { return out }
        writer.append(view, of: placed.block, to: &out)
        return out
    }

    /// The same as a Swift value.
    public var event: Event {
        Event(
            id: id, source: source, type: type, key: key.map { String(decoding: $0, as: UTF8.self) }, time: time,
            sequence: sequence, position: position, data: data.map { Array($0) } ?? Array("null".utf8), json: json)
    }
}

extension JSONTree {
    /// What stands for it in a header.
    fileprivate var attributeText: String {
        switch self {
        case .string(let text): String(decoding: text, as: UTF8.self)
        case .bool(let flag): flag ? "true" : "false"
        case .number(let digits): String(decoding: digits, as: UTF8.self)
        case .null, .array, .object: ""
        }
    }
}
