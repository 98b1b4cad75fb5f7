import LodeConfiguration
import LodeDelivery
import NIOCore
import NIOHTTP1

/// A request without its time-bound parts.
struct WebhookMessage: Sendable {
    var headers: HTTPHeaders
    var body: ByteBuffer
}

/// Puts events into requests: CloudEvents HTTP binding 1.0.2, and the signature over each.
struct WebhookWriter: Sendable {
    let mode: WebhookSettings.Mode
    private let signature: WebhookSignature
    private let base: HTTPHeaders

    init(_ settings: WebhookSettings, target: WebhookTarget) {
        mode = settings.mode
        signature = WebhookSignature(secrets: settings.secrets)
        var base = HTTPHeaders()
        base.add(name: "user-agent", value: "lode/\(LodeDaemon.version)")
        if let authorization = target.authorization { base.add(name: "authorization", value: authorization) }
        for header in settings.headers { base.remove(name: header.name) }
        for header in settings.headers { base.add(name: header.name, value: header.text) }
        self.base = base
    }

    /// One event, structured or binary.
    func message(_ event: OutgoingEvent) -> WebhookMessage {
        var headers = base
        var body: [UInt8]
        let extensions = event.extensions
        if mode == .binary {
            body = event.data.map { Array($0) } ?? []
            if event.data != nil { headers.add(name: "content-type", value: "application/json") }
            add(attributesOf: event, extensions, to: &headers)
        } else {
            body = event.json
            headers.add(name: "content-type", value: "application/cloudevents+json")
        }
        // The receiver's tracing knows the standard's own headers: Trace Context of the W3C.
        for (name, value) in extensions where name == "traceparent" || name == "tracestate" {
            if CloudEventHeader.canStandAsItIs(value) { headers.replaceOrAdd(name: name, value: value) }
        }
        return finished(headers, body, id: event.idBytes)
    }

    /// A JSON array of events.
    func message(_ batch: EventBatch, first: OutgoingEvent) -> WebhookMessage {
        var body: [UInt8] = []
        body.reserveCapacity(batch.size * 2 + 512 * batch.count)
        body.append(UInt8(ascii: "["))
        batch.appendJSON(to: &body) { index, body in
            if index + 1 < batch.count { body.append(UInt8(ascii: ",")) }
        }
        body.append(UInt8(ascii: "]"))
        var headers = base
        headers.add(name: "content-type", value: "application/cloudevents-batch+json")
        return finished(headers, body, id: first.idBytes)
    }

    private func finished(_ headers: HTTPHeaders, _ body: [UInt8], id: [UInt8]) -> WebhookMessage {
        var headers = headers
        signature.sign(id: CloudEventHeader.identifier(id), body: body, in: &headers)
        return WebhookMessage(headers: headers, body: ByteBuffer(bytes: body))
    }

    private func add(
        attributesOf event: OutgoingEvent, _ extensions: [(name: String, value: String)], to headers: inout HTTPHeaders
    ) {
        func add(_ name: String, _ value: some Collection<UInt8>) {
            headers.add(name: "ce-\(name)", value: CloudEventHeader.encoded(value))
        }
        add("specversion", "1.0".utf8)
        add("id", event.idBytes)
        add("source", event.source.utf8)
        add("type", event.type.utf8)
        if let time = event.time {
            var text: [UInt8] = []
            time.appendRFC3339(to: &text)
            add("time", text)
        }
        if let key = event.key {
            add("subject", key)
            add("partitionkey", key)
        }
        add("sequence", event.sequence.utf8)
        for (name, value) in extensions { add(name, value.utf8) }
    }
}
