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

    /// Subscribers that no event reaches, and events that nobody takes.
    mutating func warnOfUnreached(_ configuration: Configuration) {
        guard !configuration.events.isEmpty, !configuration.subscribers.isEmpty else { return }
        let types = configuration.events.map { configuration.typePrefix + $0.name.text }
        for subscriber in configuration.subscribers where !types.contains(where: subscriber.takes) {
            let written = subscriber.on.map(\.text)
            let nearest = written.lazy.compactMap { name in
                nearestName(to: name, among: configuration.events.map(\.name.text))
            }.first
            let advice = nearest.map { "did you mean “\($0)”?" } ?? "no event of this file has a type that it takes"
            warning(at: subscriber.place, "no event reaches subscriber “\(subscriber.name)”; \(advice)")
        }
        for (event, type) in zip(configuration.events, types)
        where !configuration.subscribers.contains(where: { $0.takes(type: type) }) {
            let advice = "name it under a subscriber's “on”, or remove it"
            warning(at: event.name.place, "no subscriber takes event “\(event.name.text)”; \(advice)")
        }
    }
}
