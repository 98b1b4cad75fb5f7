/// Where events are made.
extension Translator {
    /// What sets rules off, beside the rows at hand.
    struct Firing {
        var ordinal: UInt32
        var lsn: LSN?
        /// The number of the row's table; -1: there is no row.
        var relation = -1
    }

    /// The table that the rules at hand are about.
    private func table(of firing: Firing) -> TableName? {
        firing.relation >= 0 ? relationNames[firing.relation] : truncating
    }

    /// Makes the events of the row at hand. Not nil: the database must be asked first, and nothing was made.
    ///
    /// - Parameter continues: Whether other rules were tried on the same row just before.
    mutating func fire(_ rules: [CompiledRule], _ firing: Firing, continues: Bool = false) throws -> Step? {
        if !continues {
            rank = 0
            fired = -1
        }
        guard !rules.isEmpty else { return nil }
        let mark = events.mark
        let before = statistics
        for rule in rules where rule.event != fired {
            if let reselection = try fire(rule, firing) {
                events.rollback(to: mark)
                statistics = before
                return .reselect(reselection)
            }
        }
        return nil
    }

    mutating func fireMessage(_ firing: Firing) throws -> Step? {
        let prefix = rows.details[0].change.prefix
        let frame = rows.frames[0]
        let rules = mapping.messageRules.filter { frame.equals(prefix, $0.prefix) }.map(\.rule)
        return try fire(rules, firing)
    }

    mutating func fireTruncate(_ firing: Firing) throws -> Step? {
        let tables = rows.details[0].change.truncated
        rank = 0
        defer { truncating = nil }
        for range in tables {
            let name = rows.frames.span[0].tableName(range)
            guard let index = mapping.index(of: name) else { continue }
            rows.setTruncated(range)
            fired = -1
            for rule in mapping.tables[index].truncate where rule.event != fired {
                truncating = name
                _ = try fire(rule, firing)
            }
        }
        return nil
    }

    /// Makes the rule's event when its condition holds. Not nil: the database must be asked first.
    private mutating func fire(_ rule: CompiledRule, _ firing: Firing) throws -> Reselection? {
        let mark = events.mark
        // What the database says is for the rule that asked.
        var logged: RowFrame?
        defer { if let logged { rows.restore(logged) } }
        do throws(EvaluationError) {
            if rule.whenGathers { try gather(rule) }
            switch try rule.truth(&rows) {
            case .true: break
            case .unknown:
                statistics.unknownConditions += 1
                return nil
            case .false, .null: return nil
            }
            if !rule.whenGathers { try gather(rule) }
            var marks: [UInt8] = []
            if rule.unknown == .reselect {
                if let reselection = reselect(rule, firing, marks: &marks, &logged) { return reselection }
            }
            try append(rule, firing, marks)
        } catch {
            events.rollback(to: mark)
            if case .spill(let spill)? = error.row { throw spill }
            if case .decode(let decode)? = error.row { throw decode }
            guard rule.onError == .skip else {
                throw TranslationError(
                    lsn: firing.lsn, table: table(of: firing), event: mapping.names[rule.event], "\(error)")
            }
            appendUntranslatable(rule, firing, error)
        }
        fired = rule.event
        rank += 1
        statistics.events += 1
        return nil
    }

    private mutating func append(
        _ rule: CompiledRule, _ firing: Firing, _ marks: [UInt8]
    ) throws(EvaluationError) {
        events.beginEvent(rule: rule.event, ordinal: firing.ordinal, rank: rank)
        if let type = rule.type {
            var text: [UInt8] = []
            guard try EventRendering.appendText(of: type, "type", &rows, to: &text), !text.isEmpty else {
                throw EvaluationError("the event's type is null or empty; have the service write one")
            }
            guard events.setType(String(decoding: text, as: UTF8.self), rule: rule.event) else {
                throw EvaluationError("the event's type is too long, or there are too many of them; use fewer types")
            }
        }
        if try EventRendering.appendKey(rule, &rows, to: &events.event) { events.endKey() }
        if let id = rule.id {
            var text: [UInt8] = []
            guard try EventRendering.appendText(of: id, "id", &rows, to: &text), !text.isEmpty else {
                throw EvaluationError("the event's id is null or empty; have the service write one")
            }
            guard events.appendID(text) else { throw EvaluationError("the event's id is too long; make it shorter") }
        }
        if !marks.isEmpty { events.appendMarks(marks) }
        let start = events.event.count
        let outcome = try rule.dataProgram.append(&rows, to: &events.event)
        if outcome.hasUnknown, rule.unknown == .fail {
            throw EvaluationError(
                "a value that the data needs is unknown, as the log does not carry it; "
                    + "ALTER TABLE … REPLICA IDENTITY FULL, or set `unknown:`")
        }
        if !outcome.isKnown { events.event.cut(to: start) }
        events.endEvent()
    }

    // MARK: - Events that cannot be made

    private mutating func appendUntranslatable(_ rule: CompiledRule, _ firing: Firing, _ error: EvaluationError) {
        let number = mapping.names.count + rule.event
        events.beginEvent(rule: number, ordinal: firing.ordinal, rank: rank)
        _ = events.setType(Untranslatable.type, rule: number)
        let mark = events.event.count
        var hasKey = false
        do throws(EvaluationError) {
            hasKey = try EventRendering.appendKey(rule, &rows, to: &events.event)
        } catch {
            events.event.cut(to: mark)
        }
        if hasKey { events.endKey() }
        let key = hasKey ? Array(events.event.bytes[mark...]) : nil
        var data: [UInt8] = []
        Untranslatable.appendData(
            event: mapping.names[rule.event], error: error.message, lsn: firing.lsn, table: table(of: firing),
            key: key, to: &data)
        events.event.append(data.span)
        events.endEvent()
        statistics.untranslatable += 1
    }

    // MARK: - Asking the database

    /// Puts what the database answered in place, or says what to ask it.
    private mutating func reselect(
        _ rule: CompiledRule, _ firing: Firing, marks: inout [UInt8], _ logged: inout RowFrame?
    ) -> Reselection? {
        guard let table = table(of: firing), rows.frames[0].relation >= 0,
            !rows.relations[rows.frames[0].relation].definition.primaryKey.isEmpty
        else { return nil }
        let definition = rows.relations[rows.frames[0].relation].definition
        let unknown = rule.dataColumns.filter {
            $0 < rows.frames[0].new.count && rows.frames[0].new[$0].isUnknown
        }
        guard !unknown.isEmpty else { return nil }
        if let answer, answer.ordinal == firing.ordinal {
            guard let values = answer.values else { return nil }
            var names: [String] = []
            var found: [(column: Int, text: [UInt8]?)] = []
            for column in unknown {
                let name = definition.columns[column].name
                guard let value = values[name] else { continue }
                found.append((column, value))
                names.append(name)
            }
            guard !names.isEmpty else { return nil }
            logged = rows.substitute(found)
            JSONText.append(",\"reselected\":", to: &marks)
            JSONText.appendQuoted(names.joined(separator: ","), to: &marks)
            return nil
        }
        var key: [String: [UInt8]] = [:]
        for name in definition.primaryKey {
            guard let column = definition.columns.firstIndex(where: { $0.name == name }) else { return nil }
            let cell = rows.frames[0].cell(.new, column)
            guard cell.hasValue else { return nil }
            key[name] = rows.frames.span[0].text(cell)
        }
        // All that the log left out of the row at once: another rule may want more of it.
        let missing = definition.columns.indices.filter { rows.frames[0].cell(.new, $0).isUnknown }
        return Reselection(
            ordinal: firing.ordinal, table: table, key: key, columns: missing.map { definition.columns[$0].name })
    }

    /// What the database has now for the row that ``Step/reselect(_:)`` named.
    ///
    /// - Parameter values: By column, nil for null; nil: the row is gone, or it cannot be asked.
    public mutating func answer(_ reselection: Reselection, _ values: [String: [UInt8]?]?) {
        answer = Answer(ordinal: reselection.ordinal, values: values)
    }
}

/// A question to the database: values of a row that the log left out.
public struct Reselection: Hashable, Sendable {
    var ordinal: UInt32
    public var table: TableName
    /// The primary key's columns and their values' texts.
    public var key: [String: [UInt8]]
    public var columns: [String]
}

struct Answer: Sendable {
    var ordinal: UInt32
    var values: [String: [UInt8]?]?
}

/// The event that takes the place of one that cannot be made.
enum Untranslatable {
    static let type = "lode.untranslatable"

    static func appendData(
        event: String, error: String, lsn: LSN?, table: TableName?, key: [UInt8]?, to out: inout [UInt8]
    ) {
        JSONText.append("{\"event\":", to: &out)
        JSONText.appendQuoted(event, to: &out)
        JSONText.append(",\"error\":", to: &out)
        JSONText.appendQuoted(error, to: &out)
        JSONText.append(",\"lsn\":", to: &out)
        if let lsn { JSONText.appendQuoted("\(lsn)", to: &out) } else { JSONText.append("null", to: &out) }
        JSONText.append(",\"table\":", to: &out)
        if let table { JSONText.appendQuoted("\(table)", to: &out) } else { JSONText.append("null", to: &out) }
        JSONText.append(",\"key\":", to: &out)
        if let key { JSONText.appendQuoted(key, to: &out) } else { JSONText.append("null", to: &out) }
        JSONText.append("}", to: &out)
    }
}
