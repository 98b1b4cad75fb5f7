/// Writes events as CloudEvents 1.0 in JSON (CloudEvents JSON format 1.0), each a line.
///
/// The same block gives the same bytes, always: a repeated delivery cannot be told from the first.
public struct CloudEventWriter: Sendable {
    /// `urn:lode:<source>:<system identifier>`, as JSON text.
    private let source: [UInt8]
    private let typePrefix: String

    public init(source: String, typePrefix: String = "") {
        var quoted: [UInt8] = []
        JSONText.appendQuoted(source, to: &quoted)
        self.source = quoted
        self.typePrefix = typePrefix
    }

    /// The `source` attribute: which database of which cluster.
    public static func sourceURI(name: String, systemIdentifier: String) -> String {
        "urn:lode:\(name):\(systemIdentifier)"
    }

    /// Appends one event, without a line break.
    public func append(_ event: EventView, of block: EventBlock, to out: inout [UInt8]) {
        let type = block.types[Int(event.type)]
        JSONText.append("{\"specversion\":\"1.0\",\"id\":\"", to: &out)
        if let id = event.id {
            for byte in block.body[id.range] { JSONText.appendEscaped(byte, to: &out) }
        } else {
            Self.appendID(event, type: type.name, to: &out)
        }
        JSONText.append("\",\"source\":", to: &out)
        out.append(contentsOf: source)
        JSONText.append(",\"type\":", to: &out)
        JSONText.appendQuoted(type.text(prefix: typePrefix), to: &out)
        if let key = event.key {
            let bytes = block.body[key.range]
            JSONText.append(",\"subject\":", to: &out)
            JSONText.appendQuoted(bytes, to: &out)
            JSONText.append(",\"partitionkey\":", to: &out)
            JSONText.appendQuoted(bytes, to: &out)
        }
        if let time = event.transaction.time {
            JSONText.append(",\"time\":\"", to: &out)
            time.appendRFC3339(to: &out)
            JSONText.append("\"", to: &out)
        }
        JSONText.append(",\"sequence\":\"", to: &out)
        Self.appendSequence(event, to: &out)
        JSONText.append("\"", to: &out)
        out.append(contentsOf: event.transaction.context)
        out.append(contentsOf: block.body[event.marks.range])
        if let data = event.data {
            JSONText.append(",\"datacontenttype\":\"application/json\",\"data\":", to: &out)
            out.append(contentsOf: block.body[data.range])
        }
        JSONText.append("}", to: &out)
    }

    /// `00000000016B3748-3-OrderPlaced`: the commit, the row in it, the event's name in the mapping.
    /// Other rules have no part in it, so adding one changes no id.
    ///
    /// Bytes of the name that are no letters, digits, hyphens or underscores are written `%2E`, so
    /// that the id stands unchanged in a header or a broker's message id.
    public static func appendID(_ event: EventView, type: String, to out: inout [UInt8]) {
        event.transaction.position.append(to: &out)
        out.append(UInt8(ascii: "-"))
        JSONText.append(event.ordinal, to: &out)
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
        out.append(UInt8(ascii: "-"))
        JSONText.append(event.ordinal, width: 10, to: &out)
        out.append(UInt8(ascii: "-"))
        JSONText.append(event.rank, width: 2, to: &out)
    }
}
