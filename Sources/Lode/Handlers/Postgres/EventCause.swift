import LodeCore
import LodeDelivery

/// The `lode.context` of a transaction that an event brings about: what its own events know of their cause.
enum EventCause {
    static let prefix = "lode.context"

    /// A JSON object. The correlation is the event's own, and begins with it when it has none.
    static func json(of event: OutgoingEvent) -> [UInt8] {
        let id = event.idBytes
        var correlation = id
        var traces: [(name: String, value: String)] = []
        for (name, value) in event.extensions {
            switch name {
            case "correlationid": correlation = Array(value.utf8)
            case "traceparent", "tracestate": traces.append((name, value))
            default: break
            }
        }
        var out: [UInt8] = []
        JSONText.append("{\"causationid\":", to: &out)
        JSONText.appendQuoted(id, to: &out)
        JSONText.append(",\"correlationid\":", to: &out)
        JSONText.appendQuoted(correlation, to: &out)
        for (name, value) in traces {
            JSONText.append(",", to: &out)
            JSONText.appendQuoted(name, to: &out)
            JSONText.append(":", to: &out)
            JSONText.appendQuoted(value, to: &out)
        }
        JSONText.append("}", to: &out)
        return out
    }
}
