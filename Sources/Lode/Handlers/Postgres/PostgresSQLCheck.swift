import LodeConfiguration
import LodeCore

/// What can be told of a postgres subscriber's SQL from the file alone.
enum PostgresSQLCheck {
    static func told(of subscriber: SubscriberSettings, in configuration: Configuration) -> [Diagnostic] {
        guard case .postgres(let settings) = subscriber.kind else { return [] }
        var told: [Diagnostic] = []
        for (index, statement) in settings.statements.enumerated() {
            do throws(Diagnostics) {
                let sql = try EventSQL(statement.sql)
                let events = configuration.events.filter { event in
                    let type = configuration.typePrefix + event.name.text
                    return subscriber.takes(type: type)
                        && settings.statements.firstIndex { $0.type.matches(type) } == index
                }
                told += missing(sql, of: events, at: statement.sql)
            } catch {
                told += error.all
            }
        }
        return told
    }

    /// Names that none of the events has. One that is not there is null, so a misspelt one would go unnoticed.
    private static func missing(_ sql: EventSQL, of events: [EventDefinition], at source: SourceText) -> [Diagnostic] {
        var known: Set<String> = []
        for way in events.flatMap(\.ways) {
            // What a row or a payload has is not in the file.
            guard case .object(let members)? = way.data else { return [] }
            known.formUnion(members.map(\.name))
        }
        guard !known.isEmpty else { return [] }
        return sql.members.filter { !known.contains($0) }.map { name in
            let advice =
                nearestName(to: name, among: known.sorted()).map { "did you mean “:\($0)”?" }
                ?? "it has \(known.sorted().joined(separator: ", "))"
            let types = events.map(\.name.text).joined(separator: ", ")
            return source.warning(
                "the data of \(types) has no member “\(name)”, so :\(name) is always null; \(advice)")
        }
    }
}
