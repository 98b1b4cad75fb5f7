public import LodeCore

/// Translates a recording without a database: the same records and mapping give the same bytes as the
/// daemon's run did.
public struct Replay: ~Copyable {
    private var reader = RecordingReader()
    private var translator: Translator?
    private var writer: CloudEventWriter?
    private let events: [EventDefinition]
    private let sourceName: String
    private let typePrefix: String
    private let tables: [TableDefinition]
    private let isCounting: Bool

    /// How many transactions were translated to their ends.
    public private(set) var transactions: UInt64 = 0
    /// How many events came out.
    public private(set) var eventCount = 0

    /// - Parameters:
    ///   - source: The name of the source in the events when the recording does not carry one.
    ///   - tables: Definitions for a recording that does not carry them (``TableSurvey``).
    ///   - isCounting: Everything is translated, and nothing written.
    public init(
        _ events: [EventDefinition], source: String, typePrefix: String = "", tables: [TableDefinition] = [],
        isCounting: Bool = false
    ) {
        self.events = events
        sourceName = source
        self.typePrefix = typePrefix
        self.tables = tables
        self.isCounting = isCounting
    }

    /// Takes some of the recording's bytes and appends the events of the transactions that end in
    /// them, as CloudEvents JSON lines.
    ///
    /// - Throws: ``RecordingError``, ``TranslationError``, or ``Diagnostics`` when the mapping does not
    ///   fit the recording's tables. The events of all whole transactions before are in `out`.
    ///
    /// - Parameter drain: Empties `out` when it has grown to 128 kB and more is to come: one transaction may have
    ///   any number of events.
    public mutating func append(
        _ chunk: [UInt8], to out: inout [UInt8], drain: (inout [UInt8]) throws -> Void = { _ in }
    ) throws {
        reader.append(chunk)
        try translate(into: &out, drain)
    }

    /// The recording is at its end.
    public mutating func finish(
        into out: inout [UInt8], drain: (inout [UInt8]) throws -> Void = { _ in }
    ) throws {
        reader.finish()
        try translate(into: &out, drain)
    }

    private mutating func translate(into out: inout [UInt8], _ drain: (inout [UInt8]) throws -> Void) throws {
        guard let first = try reader.next() else { return }
        // Taken out and put back, so that it is changed in place.
        var translator: Translator
        if let begun = self.translator.take() { translator = begun } else { translator = try begin() }
        do {
            try translate(from: first, &translator, into: &out, drain)
        } catch {
            write(&translator, to: &out)
            self.translator = consume translator
            throw error
        }
        write(&translator, to: &out)
        self.translator = consume translator
    }

    private mutating func translate(
        from first: RecordPlace, _ translator: inout Translator, into out: inout [UInt8],
        _ drain: (inout [UInt8]) throws -> Void
    ) throws {
        var place = first
        while true {
            do {
                try consume(place.lsn, &translator, to: &out, drain)
            } catch let error as DecodeError {
                throw reader.locate(error)
            }
            if translator.closedBytes > 256 * 1024 { write(&translator, to: &out) }
            guard let next = try reader.next() else { return }
            place = next
        }
    }

    /// Takes the record that the reader has at hand.
    private mutating func consume(
        _ lsn: LSN?, _ translator: inout Translator, to out: inout [UInt8], _ drain: (inout [UInt8]) throws -> Void
    ) throws {
        var step = try reader.withRecord { record in try translator.consume(record, lsn: lsn) }
        while true {
            switch step {
            case .ordinary, .committed: return
            case .unfinished:
                translator.closePart()
                write(&translator, to: &out)
                if out.count > 128 * 1024 { try drain(&out) }
            case .needs(let name):
                let own = known.first { $0.name == name }
                let root = own?.root.flatMap { root in known.first { $0.name == root } }
                try translator.define(name, own: own, root: root)
            case .reselect(let reselection):
                // There is no database to ask: what the log left out stays out.
                translator.answer(reselection, nil)
            }
            step =
                try translator.isEnding
                ? translator.proceed() : reader.withRecord { record in try translator.consume(record, lsn: lsn) }
        }
    }

    private var known: [TableDefinition] { reader.header?.tables ?? tables }

    private mutating func begin() throws -> Translator {
        let header = reader.header
        writer = CloudEventWriter(
            source: CloudEventWriter.sourceURI(
                name: header?.source ?? sourceName, systemIdentifier: header?.systemIdentifier ?? "recording"),
            typePrefix: typePrefix)
        let definitions = Dictionary(known.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
        return Translator(mapping: try CompiledMapping(events, tables: definitions))
    }

    private mutating func write(_ translator: inout Translator, to out: inout [UInt8]) {
        transactions = translator.statistics.transactions
        guard let block = translator.takeEvents() else { return }
        eventCount += block.count
        guard !isCounting, var writer else { return }
        // The block was just built by the translator, so its bytes are a block's.
        try? block.visitEvents { event in
            writer.append(event, of: block, to: &out)
            out.append(0x0A)
            return true
        }
        self.writer = writer
    }
}
