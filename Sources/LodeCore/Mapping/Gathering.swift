/// Where the rows of the open transaction are that rules gather, by table and operation.
///
/// Rows that a rule joins to its trigger by one column are found through an index on that column, made
/// when it is first asked for; 12 bytes a row.
struct Gathering: Sendable {
    /// Which rows: of a table, by an operation, change by change or net.
    struct Kind: Hashable, Sendable {
        /// Small and in a row, so that a table of them is an array.
        let number: Int

        init(table: Int, operation: RowOperation, isNet: Bool) {
            number = (table * 3 + operation.number) * 2 + (isNet ? 1 : 0)
        }
    }

    /// So few rows are looked at one by one.
    static let scanned = 16

    /// By the kind's number.
    private var places: [[RowPlace]] = []
    /// Of each table that some rule sees net, its rows.
    private(set) var netCandidates: [Int: [RowPlace]] = [:]
    /// The net row that ends at a place, by table and place.
    private var netRows: [Int: [RowPlace: RowPlace]] = [:]
    private var indexes: [IndexKey: [Entry]] = [:]

    private struct IndexKey: Hashable {
        var kind: Kind
        var column: ColumnOperand
    }

    /// 12 bytes: there may be millions.
    struct Entry: Comparable, Sendable {
        let hash: UInt32
        private let high: UInt32
        private let low: UInt32

        init(hash: UInt32, place: RowPlace) {
            self.hash = hash
            high = UInt32(truncatingIfNeeded: place.offset >> 32)
            low = UInt32(truncatingIfNeeded: place.offset)
        }

        var place: RowPlace { RowPlace(offset: Int(high) << 32 | Int(low)) }

        static func < (a: Entry, b: Entry) -> Bool { a.hash != b.hash ? a.hash < b.hash : a.place < b.place }
    }

    mutating func append(_ place: RowPlace, _ table: Int, _ operation: RowOperation) {
        append(place, Kind(table: table, operation: operation, isNet: false))
    }

    private mutating func append(_ place: RowPlace, _ kind: Kind) {
        while places.count <= kind.number { places.append([]) }
        places[kind.number].append(place)
    }

    mutating func appendNet(_ place: RowPlace, _ table: Int) { netCandidates[table, default: []].append(place) }

    /// A row's changes folded into one, which stands at `row` and counts where its last change is.
    mutating func appendNetRow(_ row: RowPlace, endingAt end: RowPlace, _ table: Int, _ operation: RowOperation) {
        netRows[table, default: [:]][end] = row
        append(row, Kind(table: table, operation: operation, isNet: true))
    }

    func netRow(endingAt end: RowPlace, of table: Int) -> RowPlace? { netRows[table]?[end] }

    func rows(_ kind: Kind) -> [RowPlace] { kind.number < places.count ? places[kind.number] : [] }

    func hasIndex(_ kind: Kind, _ column: ColumnOperand) -> Bool {
        indexes[IndexKey(kind: kind, column: column)] != nil
    }

    mutating func setIndex(_ kind: Kind, _ column: ColumnOperand, _ entries: [Entry]) {
        indexes[IndexKey(kind: kind, column: column)] = entries
    }

    /// The rows whose column may have the value of that hash, in the order of the log.
    func rows(_ kind: Kind, _ column: ColumnOperand, hash: UInt32) -> [RowPlace] {
        guard let entries = indexes[IndexKey(kind: kind, column: column)] else { return [] }
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        var found: [RowPlace] = []
        while low < entries.count, entries[low].hash == hash {
            found.append(entries[low].place)
            low += 1
        }
        return found
    }

    mutating func removeIndexes() { if !indexes.isEmpty { indexes.removeAll() } }

    mutating func removeAll() {
        for number in places.indices where !places[number].isEmpty {
            places[number].removeAll(keepingCapacity: places[number].capacity <= 1024)
        }
        if !netCandidates.isEmpty { netCandidates.removeAll() }
        if !netRows.isEmpty { netRows.removeAll() }
        removeIndexes()
    }
}

extension Translator {
    /// Finds the rows of each of the rule's gathers.
    mutating func gather(_ rule: CompiledRule) throws(EvaluationError) {
        var number = -1
        for plan in rule.gathers {
            number += 1
            let slot = number + 1
            rows.lists[number].removeAll(keepingCapacity: true)
            guard let table = plan.tableNumber else { continue }
            let kind = Gathering.Kind(table: table, operation: plan.operation, isNet: rule.isNet)
            for place in try candidates(plan, kind, slot) {
                guard plan.condition != nil else {
                    rows.lists[number].append(place)
                    continue
                }
                try load(place, into: slot)
                switch try plan.truth(&rows) {
                case .true: rows.lists[number].append(place)
                case .unknown: statistics.unknownConditions += 1
                case .false, .null: continue
                }
            }
        }
    }

    private mutating func load(_ place: RowPlace, into slot: Int) throws(EvaluationError) {
        do { try rows.load(place, into: slot) } catch {
            throw EvaluationError("a row of the transaction cannot be had again", row: error)
        }
    }

    private mutating func candidates(
        _ plan: GatherPlan, _ kind: Gathering.Kind, _ slot: Int
    ) throws(EvaluationError) -> [RowPlace] {
        let all = gathering.rows(kind)
        guard all.count > Gathering.scanned, let join = plan.join else { return all }
        guard let hash = rows.frames.span[0].hash(of: join.trigger, join.comparison) else {
            // Of a value that is null or unknown no row is equal; that it is unknown is for the condition to say.
            return rows.frames.span[0].cell(join.trigger).form == .null ? [] : all
        }
        if !gathering.hasIndex(kind, join.gathered) {
            var entries: [Gathering.Entry] = []
            entries.reserveCapacity(all.count)
            for place in all {
                try load(place, into: slot)
                guard let hash = rows.frames.span[slot].hash(of: join.gathered, join.comparison) else { continue }
                entries.append(Gathering.Entry(hash: hash, place: place))
            }
            entries.sort()
            gathering.setIndex(kind, join.gathered, entries)
        }
        return gathering.rows(kind, join.gathered, hash: hash)
    }
}

extension RowFrame {
    /// The same for values that compare as equal; nil for what is no value.
    func hash(of column: ColumnOperand, _ comparison: Comparison) -> UInt32? {
        let cell = cell(column)
        guard cell.hasValue, cell.isInside(record.span) else { return nil }
        // FNV-1a (Fowler, Noll, Vo), 32 bits.
        var hash: UInt32 = 0x811c_9dc5
        if comparison == .integer {
            guard var value = NumberLiteral.integer(record.span, cell.bytes.range).map(UInt64.init(bitPattern:)) else {
                return nil
            }
            for _ in 0..<8 {
                hash = (hash ^ UInt32(truncatingIfNeeded: value & 0xFF)) &* 0x0100_0193
                value >>= 8
            }
            return hash
        }
        var text = record.span.text(cell)
        // The spaces at the end of a `character` do not count in a comparison.
        if column.family == .character { text.removeSubrange(text.span.endWithoutSpaces(0..<text.count)...) }
        for byte in text { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return hash
    }
}
