import Foundation
public import LodeCore

/// What lode.yaml says: where changes come from, what they mean, and who hears of them.
///
/// Only what can be known from the file alone is checked here. Whether tables and columns exist,
/// and whether an expression reads, is for the mapping's compiler.
public struct Configuration: Hashable, Sendable {
    /// The file as it was named; relative paths in it are relative to its folder.
    public var file: String
    /// In the file's order; never empty.
    public var sources: [SourceSettings]
    /// nil: `journal: none`, no event is kept.
    public var journal: JournalSettings?
    /// In the file's order, in which their rules fire.
    public var events: [EventDefinition]
    /// In the file's order.
    public var subscribers: [SubscriberSettings]
    /// nil: `http: none`, the endpoint is closed.
    public var http: HTTPSettings?
    /// Goes before every event's name in its type (`type_prefix`); empty when left out.
    public var typePrefix: String

    public init(
        file: String, sources: [SourceSettings], journal: JournalSettings? = JournalSettings(),
        events: [EventDefinition] = [], subscribers: [SubscriberSettings] = [],
        http: HTTPSettings? = HTTPSettings(), typePrefix: String = ""
    ) {
        self.file = file
        self.sources = sources
        self.journal = journal
        self.events = events
        self.subscribers = subscribers
        self.http = http
        self.typePrefix = typePrefix
    }
}

extension Configuration {
    /// A file larger than this is not a configuration.
    static let largestFileBytes = 16 << 20

    /// Reads a configuration file.
    ///
    /// - Parameter environment: what `${NAME}` is replaced from.
    /// - Throws: every error of the file, in the file's order.
    public static func load(
        file: String, environment: [String: String]
    ) throws(Diagnostics) -> (configuration: Configuration, warnings: [Diagnostic]) {
        let (configuration, told) = survey(file: file, environment: environment)
        guard let configuration, !Diagnostics(told).hasErrors else { throw Diagnostics(told) }
        return (configuration, told)
    }

    /// Reads a configuration file as far as it is right, to look for mistakes past those that reading finds.
    ///
    /// - Returns: The configuration without what has mistakes, nil when nothing is right; and all that
    ///   there is to say, errors too.
    public static func survey(
        file: String, environment: [String: String]
    ) -> (configuration: Configuration?, told: [Diagnostic]) {
        do {
            let bytes = try contents(of: file)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                return (nil, [notUTF8(bytes, file: file)])
            }
            var reader = ConfigurationReader(file: file)
            let configuration = reader.readWhatIsRight(FileLines(text, file: file), environment: environment)
            return (configuration, reader.told)
        } catch {
            return (nil, [error])
        }
    }

    /// Reads a configuration out of its text; `file` is what its diagnostics and relative paths
    /// are named by, nothing of that name need exist.
    public static func load(
        text: String, file: String = "lode.yaml", environment: [String: String] = [:]
    ) throws(Diagnostics) -> (configuration: Configuration, warnings: [Diagnostic]) {
        var reader = ConfigurationReader(file: file)
        let lines = FileLines(text, file: file)
        guard let configuration = reader.read(lines, environment: environment) else {
            throw Diagnostics(reader.told)
        }
        return (configuration, reader.told)
    }

    static func load(
        bytes: [UInt8], file: String, environment: [String: String]
    ) throws(Diagnostics) -> (configuration: Configuration, warnings: [Diagnostic]) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Diagnostics([notUTF8(bytes, file: file)])
        }
        return try load(text: text, file: file, environment: environment)
    }

    private static func notUTF8(_ bytes: [UInt8], file: String) -> Diagnostic {
        let place = FileLines.firstInvalid(in: bytes, file: file)
        return Diagnostic(.error, at: place, "this is not UTF-8 text; save the file as UTF-8")
    }

    private static func contents(of file: String) throws(Diagnostic) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
            defer { try? handle.close() }
            while bytes.count <= largestFileBytes {
                guard let more = try handle.read(upToCount: 1 << 16), !more.isEmpty else { return bytes }
                bytes.append(contentsOf: more)
            }
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
            let advice = "run “lode init --connection URL” to write one, or name another with --config FILE"
            throw Diagnostic(.error, "there is no file \(file); \(advice)")
        } catch let error as CocoaError where error.code == .fileReadNoPermission {
            throw Diagnostic(.error, "\(file) may not be read; give the user that runs lode the right to read it")
        } catch {
            throw Diagnostic(.error, "\(file) cannot be read; name a file with --config FILE")
        }
        let most = largestFileBytes >> 20
        throw Diagnostic(.error, "\(file) is larger than \(most) MB; name a configuration file with --config FILE")
    }
}
