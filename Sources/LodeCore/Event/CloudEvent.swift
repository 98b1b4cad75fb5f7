/// Writes events as CloudEvents 1.0 in JSON (CloudEvents JSON format 1.0), each a line.
///
/// The same block gives the same bytes, always: a repeated delivery cannot be told from the first.
public struct CloudEventWriter: Sendable {
    /// `urn:lode:<source>:<system identifier>`, as JSON text.
    private let source: [UInt8]
    /// The `source` attribute of the events it writes.
    public let sourceText: String
    private let typePrefix: String
    /// What the events of one type have in common, by the type's index in the block at hand.
    private var types: [(endOfID: [UInt8], attributes: [UInt8])] = []
    private var typeNames: [EventType] = []
    /// What the events of one transaction have in common: their beginning, and what stands between
    /// the key and the ordinal.
    private var position: CommitPosition?
    private var time: Timestamp?
    private var beginning: [UInt8] = []
    private var middle: [UInt8] = []

    public init(source: String, typePrefix: String = "") {
        var quoted: [UInt8] = []
        JSONText.appendQuoted(source, to: &quoted)
        self.source = quoted
        sourceText = source
        self.typePrefix = typePrefix
    }

    /// The `source` attribute: which database of which cluster.
    public static func sourceURI(name: String, systemIdentifier: String) -> String {
        "urn:lode:\(name):\(systemIdentifier)"
    }

    /// Appends one event, without a line break.
    public mutating func append(_ event: EventView, of block: EventBlock, to out: inout [UInt8]) {
        if typeNames != block.types { prepare(types: block.types) }
        let transaction = event.transaction
        if position != transaction.position || time != transaction.time { prepare(transaction) }
        if let id = event.id {
            JSONText.append("{\"specversion\":\"1.0\",\"id\":\"", to: &out)
            for byte in block.body[id.range] { JSONText.appendEscaped(byte, to: &out) }
        } else {
            out.append(contentsOf: beginning)
            JSONText.append(event.ordinal, to: &out)
            out.append(contentsOf: types[Int(event.type)].endOfID)
        }
        out.append(contentsOf: types[Int(event.type)].attributes)
        if let key = event.key {
            JSONText.append(",\"subject\":", to: &out)
            JSONText.appendQuoted(block.body.span.extracting(key.range), to: &out)
            JSONText.append(",\"partitionkey\":", to: &out)
            JSONText.appendQuoted(block.body.span.extracting(key.range), to: &out)
        }
        out.append(contentsOf: middle)
        Self.appendPlace(event, to: &out)
        out.append(UInt8(ascii: "\""))
        if !transaction.context.isEmpty { out.append(contentsOf: transaction.context) }
        if !event.marks.isEmpty { out.append(contentsOf: block.body[event.marks.range]) }
        if let data = event.data {
            JSONText.append(",\"datacontenttype\":\"application/json\",\"data\":", to: &out)
            out.append(block.body.span.extracting(data.range))
        }
        out.append(UInt8(ascii: "}"))
    }

    private mutating func prepare(types names: [EventType]) {
        typeNames = names
        types = names.map { type in
            var end: [UInt8] = []
            Self.appendName(type.name, to: &end)
            var attributes: [UInt8] = []
            JSONText.append("\",\"source\":", to: &attributes)
            attributes.append(contentsOf: source)
            JSONText.append(",\"type\":", to: &attributes)
            JSONText.appendQuoted(type.text(prefix: typePrefix), to: &attributes)
            return (end, attributes)
        }
    }

    private mutating func prepare(_ transaction: TransactionHeader) {
        position = transaction.position
        time = transaction.time
        beginning.removeAll(keepingCapacity: true)
        middle.removeAll(keepingCapacity: true)
        JSONText.append("{\"specversion\":\"1.0\",\"id\":\"", to: &beginning)
        transaction.position.append(to: &beginning)
        beginning.append(UInt8(ascii: "-"))
        if let time {
            JSONText.append(",\"time\":\"", to: &middle)
            time.appendRFC3339(to: &middle)
            middle.append(UInt8(ascii: "\""))
        }
        JSONText.append(",\"sequence\":\"", to: &middle)
        transaction.position.append(to: &middle)
    }

    /// `00000000016B3748-3-OrderPlaced`: the commit, the row in it, the event's name in the mapping.
    /// Other rules have no part in it, so adding one changes no id.
    public static func appendID(_ event: EventView, type: String, to out: inout [UInt8]) {
        event.transaction.position.append(to: &out)
        out.append(UInt8(ascii: "-"))
        JSONText.append(event.ordinal, to: &out)
        appendName(type, to: &out)
    }

    /// The last part of an id, `-OrderPlaced`.
    ///
    /// Bytes of the name that are no letters, digits, hyphens or underscores are written `%2E`, so
    /// that the id stands unchanged in a header or a broker's message id.
    private static func appendName(_ type: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "-"))
        for byte in type.utf8 {
            if byte.isOfBareName || byte &- 65 < 26 || byte == UInt8(ascii: "-") {
                out.append(byte)
            } else {
                out.append(UInt8(ascii: "%"))
                for digit in [byte >> 4, byte & 15] { out.append(digit < 10 ? 48 + digit : 55 + digit) }
            }
        }
    }

    /// `00000000016B3748-0000000003-00`: sorts as text in the source's order.
    public static func appendSequence(_ event: EventView, to out: inout [UInt8]) {
        event.transaction.position.append(to: &out)
        appendPlace(event, to: &out)
    }

    /// The last part of a sequence, `-0000000003-00`.
    private static func appendPlace(_ event: EventView, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "-"))
        JSONText.append(event.ordinal, width: 10, to: &out)
        out.append(UInt8(ascii: "-"))
        JSONText.append(event.rank, width: 2, to: &out)
    }
}
