/// A subscriber's `where`: which events of the types that it takes are for it.
///
/// The mapping's expression language over `data` (`data.total`, `data.customer.name`) and the attributes
/// `id`, `type`, `key`, `source`, `time`. A member is read as what it is compared with; one that is not
/// there is null, so the condition is not true. Pure.
public struct EventCondition: Sendable {
    private let expression: Expression

    /// - Throws: Everything that is wrong, at once.
    public init(_ source: SourceText) throws(Diagnostics) {
        expression = try Expression(condition: source, role: "where", in: ExpressionScope(trigger: .event))
    }

    /// Whether the event is for the subscriber. An event for which it cannot be worked out is, so that
    /// none is lost in silence.
    public func takes(_ event: EventView, of block: EventBlock, source: String, typePrefix: String) -> Bool {
        var rows = RowSet()
        rows.document.append(block.body.span.extracting((event.data ?? .empty).range))
        let type = block.types[Int(event.type)]
        var id: [UInt8] = []
        if let own = event.id {
            id += block.body[own.range]
        } else {
            CloudEventWriter.appendID(event, type: type.name, to: &id)
        }
        rows.attributes = EventAttribute.allCases.map { attribute in
            switch attribute {
            case .id: .text(id)
            case .type: .text(Array(type.text(prefix: typePrefix).utf8))
            case .key: event.key.map { .text(Array(block.body[$0.range])) } ?? .null
            case .source: .text(Array(source.utf8))
            // From 1970 to 2000, where expressions count from.
            case .time: event.transaction.time.map { .moment($0.microseconds - 946_684_800_000_000) } ?? .null
            }
        }
        do { return try expression.truth(&rows) == .true } catch { return true }
    }
}
