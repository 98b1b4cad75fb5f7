import LodeCore

/// A well-known table of ready-made events: what `preset` stands for.
enum OutboxPreset: String, CaseIterable {
    /// The columns of Debezium's outbox event router (`id`, `aggregatetype`, `aggregateid`, `type`,
    /// `payload`), so that a service that wrote for it need not change.
    case debeziumOutbox = "debezium-outbox"

    var id: String { "id" }
    var type: String { "type" }
    var key: String { "aggregateid" }
    /// The payload may be jsonb, json or text, and JSON also when it is text.
    var data: String { "json_or_text(payload)" }
}

/// A preset's expressions; what is wrong with one of them is told where the preset stands.
struct PresetExpressions {
    var id: SourceText
    var type: SourceText
    var key: SourceText
    var data: DataTemplate

    init(_ preset: OutboxPreset, at place: Place?) {
        let text = { SourceText($0, at: place, isVerbatim: false) }
        id = text(preset.id)
        type = text(preset.type)
        key = text(preset.key)
        data = .expression(text(preset.data))
    }
}

extension ConfigurationReader {
    /// - Parameter from: the way's, and the trigger that it says; nil when that could not be read.
    mutating func readPreset(
        _ entry: YAMLEntry, from: YAMLEntry?, trigger: EventDefinition.Trigger?
    ) -> PresetExpressions? {
        let preset = readChoice(entry, as: OutboxPreset.self)
        if from == nil {
            error(at: entry.key.place, "a preset reads the rows of a table; add “from: insert into outbox”")
        } else if let trigger {
            guard case .row(.insert, _) = trigger else {
                let advice = "write “from: insert into outbox”, or remove the preset"
                error(at: from?.value.place, "a preset reads inserted rows; \(advice)")
                return nil
            }
        }
        return preset.map { PresetExpressions($0, at: entry.value.place) }
    }
}
