import ArgumentParser
import LodeCore

struct Decode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the raw changes of a recording as JSON lines.",
        discussion: """
            Reads what `lode record`, `pg_recvlogical -f` or psql (pg_logical_slot_get_changes) wrote, told apart by \
            content. Nothing is interpreted: every value is the log's text.
            """)

    @Argument(help: "The recording; - reads standard input.", completion: .file())
    var file: String

    @Flag(help: "Read everything and print only how much there was.")
    var count = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await Terminal.running { try decode() }
    }

    private func decode() throws {
        let chunks = try FileChunks(file)
        defer { chunks.close() }
        var reader = RecordingReader()
        var output = DecodeOutput(isCounting: count)
        do {
            while let chunk = try chunks.next() {
                reader.append(chunk)
                try output.take(&reader)
            }
            reader.finish()
            try output.take(&reader)
        } catch let error as RecordingError {
            try output.flush()
            Terminal.complain(error.diagnostic(file: file).description)
            throw ExitCode(1)
        }
        try output.finish()
    }
}

/// Decoded records on their way out.
private struct DecodeOutput {
    let isCounting: Bool
    private let parser = RecordReader()
    private var change = Change()
    private var out: [UInt8] = []
    private var records = 0
    private var changes = 0

    init(isCounting: Bool) { self.isCounting = isCounting }

    mutating func take(_ reader: inout RecordingReader) throws {
        while let place = try reader.next() {
            do throws(DecodeError) {
                try reader.withRecord { record throws(DecodeError) in try take(record, lsn: place.lsn) }
            } catch {
                throw reader.locate(error)
            }
            if out.count > 128 * 1024 { try flush() }
        }
    }

    private mutating func take(_ record: Span<UInt8>, lsn: LSN?) throws(DecodeError) {
        try parser.read(record, into: &change)
        records += 1
        guard isCounting else {
            DecodedRecordJSON.append(change, record: record, lsn: lsn, to: &out)
            out.append(0x0A)
            return
        }
        if change.kind == .insert || change.kind == .update || change.kind == .delete { changes += 1 }
    }

    mutating func flush() throws {
        try Terminal.write(out)
        out.removeAll(keepingCapacity: true)
    }

    mutating func finish() throws {
        try flush()
        if isCounting { try Terminal.write("{\"records\":\(records),\"changes\":\(changes)}\n".utf8) }
    }
}
