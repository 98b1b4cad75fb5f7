public import LodeConfiguration
public import LodeCore
import LodePostgres

/// What is wrong or risky in a configuration, without running it.
public struct MappingCheck: Sendable {
    /// In the file's order, each once.
    public private(set) var told: [Diagnostic]
    /// The sources whose servers could not be asked; each is an error in ``told``.
    public private(set) var missingServers = 0

    /// The errors of the configuration and of what the servers that answered are like.
    public var errors: Int { told.filter { $0.severity == .error }.count - missingServers }

    private init(_ told: [Diagnostic]) { self.told = told }

    /// Without a database.
    ///
    /// - Parameters:
    ///   - told: What reading the configuration told.
    ///   - tables: From a recording; nil: expressions are only parsed.
    ///   - source: The one that was recorded; nil: its tables are those of all events.
    ///   - isComplete: Whether the definitions say keys and identities, without which no risk can be told.
    public static func offline(
        _ configuration: Configuration, told: [Diagnostic] = [], tables: [TableDefinition]?, of source: String? = nil,
        isComplete: Bool = true
    ) -> MappingCheck {
        var check = MappingCheck(told)
        check.parse(configuration)
        if let tables {
            let known = Dictionary(tables.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
            let events = configuration.soundEvents(after: told).filter {
                source == nil || $0.source == nil || $0.source?.text == source
            }
            let found = compile(events, known, others: [:])
            check.told += isComplete ? found : found.filter { $0.severity == .error }
        }
        check.sort()
        return check
    }

    /// Against the databases of the sources.
    public static func live(_ configuration: Configuration, told: [Diagnostic] = []) async -> MappingCheck {
        var check = MappingCheck(told)
        check.parse(configuration)
        let sound = Set(configuration.soundEvents(after: told).map(\.name))
        for source in configuration.sources {
            let events = configuration.events(of: source).filter { sound.contains($0.name) }
            do {
                check.told += try await BlockingThread.run(named: "lode-check") { try look(source, events) }
            } catch let error as PostgresError {
                check.told.append(Diagnostic(.error, at: source.place, "source \(source.name): \(error)"))
                check.missingServers += 1
            } catch {
                check.told.append(Diagnostic(.error, at: source.place, "source \(source.name): \(error)"))
            }
        }
        check.sort()
        return check
    }

    // MARK: - Parts

    /// Also of events whose tables cannot be had.
    private mutating func parse(_ configuration: Configuration) {
        for text in configuration.events.flatMap(\.expressions) {
            do throws(Diagnostics) { _ = try Expression.parse(text) } catch { told += error.all }
        }
        for text in configuration.subscribers.compactMap(\.condition) {
            do throws(Diagnostics) { _ = try EventCondition(text) } catch { told += error.all }
        }
        told += configuration.subscribers.flatMap(HandlerRegistry.mistakes)
        for subscriber in configuration.subscribers { told += PostgresSQLCheck.told(of: subscriber, in: configuration) }
    }

    private static func compile(
        _ events: [EventDefinition], _ tables: [TableName: TableDefinition], others: [TableName: String]
    ) -> [Diagnostic] {
        do {
            return try CompiledMapping(events, tables: tables, others: others).warnings
        } catch {
            return error.all
        }
    }

    private static func look(_ source: SourceSettings, _ events: [EventDefinition]) throws -> [Diagnostic] {
        let catalog = try Catalog(source.connection)
        let facts = try catalog.serverFacts()
        let slot = try Slot.state(of: source.slot, catalog.connection)
        let preflight = SourcePreflight(source, facts, slot: slot)
        let names = CompiledMapping.tables(of: events)
        let definitions = try catalog.tables(names, partitions: true)
        let relations = try catalog.relations(names)
        let tables = Dictionary(definitions.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
        var others: [TableName: String] = [:]
        for relation in relations { others[relation.name] = relation.kind.whatItIs }
        return preflight.told + compile(events, tables, others: others)
            + RelationRights(relations, role: facts.role).told(of: events)
    }

    private mutating func sort() {
        var seen: Set<Diagnostic> = []
        let once = told.filter { seen.insert($0).inserted }
        told = once.enumerated().sorted { a, b in
            let (left, right) = (a.element.place, b.element.place)
            return (left?.line ?? 0, left?.column ?? 0, a.offset) < (right?.line ?? 0, right?.column ?? 0, b.offset)
        }.map(\.element)
    }
}

extension Configuration {
    /// The events in whose lines reading found no mistake: of the others, parts are missing that would be
    /// missed again.
    fileprivate func soundEvents(after told: [Diagnostic]) -> [EventDefinition] {
        let wrong = told.filter { $0.severity == .error }.compactMap { $0.place?.line }
        let starts = (events.map(\.name.place) + sources.map(\.place) + subscribers.map(\.place))
            .compactMap { $0?.line }.sorted()
        return events.filter { event in
            guard let first = event.name.place?.line else { return true }
            let end = starts.first { $0 > first } ?? .max
            return !wrong.contains { first <= $0 && $0 < end }
        }
    }
}

extension EventDefinition {
    /// Every expression of the event.
    var expressions: [SourceText] {
        ways.flatMap { way in
            [way.when, way.key, way.id, way.type].compactMap { $0 } + way.gather.compactMap(\.condition)
                + (way.data?.expressions ?? [])
        }
    }
}

extension DataTemplate {
    var expressions: [SourceText] {
        switch self {
        case .expression(let text): [text]
        case .object(let members): members.flatMap(\.value.expressions)
        case .each(_, let element): element.expressions
        }
    }
}
