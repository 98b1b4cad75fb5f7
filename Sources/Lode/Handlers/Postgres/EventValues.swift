import LodeCore
import LodeDelivery
import LodePostgres

/// What an event has for the fields of its SQL, as the text that PostgreSQL reads; nil: null.
struct EventValues {
    private(set) var texts: [[UInt8]?]

    /// - Throws: ``DeliveryFailure`` when a value cannot be in a PostgreSQL text, which nothing mends.
    init(of event: OutgoingEvent, for sql: EventSQL) throws(DeliveryFailure) {
        texts = Array(repeating: nil, count: sql.fields.count)
        var data: [UInt8]?
        var readsMembers = false
        for (index, field) in sql.fields.enumerated() {
            switch field {
            case .member: readsMembers = true
            case .data: texts[index] = event.data.map { Array($0) }
            case .id: texts[index] = event.idBytes
            case .type: texts[index] = Array(event.type.utf8)
            case .key: texts[index] = event.key
            case .time:
                texts[index] = event.time.map { time in
                    var text: [UInt8] = []
                    time.appendRFC3339(to: &text)
                    return text
                }
            case .source: texts[index] = Array(event.source.utf8)
            }
        }
        if readsMembers { data = event.data.map { Array($0) } }
        if let data {
            do throws(EvaluationError) {
                try readMembers(data, sql.fields)
            } catch {
                throw DeliveryFailure(.park, .event, "its data cannot be read: \(error.message)")
            }
        }
        for (text, field) in zip(texts, sql.fields) where text?.contains(0) == true {
            throw DeliveryFailure(.park, .event, "\(field.name) has a NUL, which no text of PostgreSQL can hold")
        }
    }

    /// Bytes, about.
    var size: Int { texts.reduce(0) { $0 + ($1?.count ?? 0) } }

    /// The values of a statement's parameters.
    func put(_ parameters: [Int], into out: inout StatementParameters) {
        out.removeAll()
        for field in parameters {
            if let text = texts[field] { out.append(text) } else { out.appendNull() }
        }
    }

    private mutating func readMembers(_ data: [UInt8], _ fields: [EventSQL.Field]) throws(EvaluationError) {
        var members = JSONMembers(data)
        while let (name, value) = try members.next() {
            for (index, field) in fields.enumerated() {
                guard case .member(let wanted) = field, JSONMembers.isName(data, name, wanted) else { continue }
                texts[index] = try Self.text(data, value)
            }
        }
    }

    private static func text(_ json: [UInt8], _ place: Range<Int>) throws(EvaluationError) -> [UInt8]? {
        switch json[place.lowerBound] {
        case UInt8(ascii: "n"): return nil
        case UInt8(ascii: "\""):
            var text: [UInt8] = []
            guard JSONMembers.appendText(json, (place.lowerBound + 1)..<(place.upperBound - 1), to: &text) else {
                throw EvaluationError("half of a surrogate pair stands alone in a text")
            }
            return text
        default: return Array(json[place])
        }
    }
}

extension EventSQL.Field {
    /// As it is written in SQL.
    var name: String {
        switch self {
        case .member(let name): ":" + String(decoding: name, as: UTF8.self)
        case .data: ":data"
        case .id: ":event.id"
        case .type: ":event.type"
        case .key: ":event.key"
        case .time: ":event.time"
        case .source: ":event.source"
        }
    }
}
