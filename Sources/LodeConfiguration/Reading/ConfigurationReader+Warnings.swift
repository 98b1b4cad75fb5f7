import LodeCore

extension ConfigurationReader {
    /// What runs, but surely was not meant.
    mutating func warnOfNothing(_ configuration: Configuration, at place: Place) {
        if configuration.events.isEmpty {
            warning(at: place, "there is no event; say under “events” what changes mean")
        } else if configuration.journal == nil, configuration.subscribers.isEmpty {
            let advice = "add a subscriber, or remove “journal: none”"
            warning(at: place, "events are neither kept nor taken by anyone; \(advice)")
        }
    }

    /// Without a journal a crash brings events again under new positions, which no inbox knows.
    mutating func warnOfRepeats(_ configuration: Configuration) {
        guard configuration.journal == nil else { return }
        for subscriber in configuration.subscribers {
            guard case .postgres = subscriber.kind else { continue }
            warning(
                at: subscriber.place,
                "without a journal, after a crash events may be applied again; keep a journal for exactly once")
        }
    }

    /// Subscribers that no event reaches, and events that nobody takes.
    ///
    /// An event with a `type` expression may be of any type, so it is said to reach everybody.
    mutating func warnOfUnreached(_ configuration: Configuration) {
        guard !configuration.events.isEmpty, !configuration.subscribers.isEmpty else { return }
        let ofFixedType = configuration.events.filter { $0.ways.allSatisfy { $0.type == nil } }
        let names = ofFixedType.map(\.name.text)
        if ofFixedType.count == configuration.events.count {
            let types = names.map { configuration.typePrefix + $0 }
            for subscriber in configuration.subscribers where !types.contains(where: subscriber.takes) {
                let nearest = subscriber.on.lazy.compactMap { nearestName(to: $0.text, among: names) }.first
                let advice = nearest.map { "did you mean “\($0)”?" } ?? "no event of this file has a type that it takes"
                warning(at: subscriber.place, "no event reaches subscriber “\(subscriber.name)”; \(advice)")
            }
        }
        for event in ofFixedType {
            let type = configuration.typePrefix + event.name.text
            guard !configuration.subscribers.contains(where: { $0.takes(type: type) }) else { continue }
            let advice = "name it under a subscriber's “on”, or remove it"
            warning(at: event.name.place, "no subscriber takes event “\(event.name.text)”; \(advice)")
        }
    }
}
