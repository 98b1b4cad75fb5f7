import ArgumentParser
import Foundation
import Lode
import LodeConfiguration
import LodeCore

/// A recording's file, for the commands that translate it.
struct RecordedLog {
    let path: String
    /// The tables' definitions: the recording's own, or what its rows say of them.
    let tables: [TableDefinition]
    /// Whether the recording carries the definitions, with keys and replica identities.
    let hasDefinitions: Bool
    /// The name of the source that was recorded; nil when the recording does not carry it.
    let source: String?

    /// Reads a recording without definitions once to its end; nothing of standard input, `-`.
    ///
    /// - Throws: ``FileError``.
    init(_ path: String) throws {
        self.path = path
        var survey = TableSurvey()
        if path != "-" {
            let chunks = try FileChunks(path)
            defer { chunks.close() }
            do {
                while !survey.isComplete, let chunk = try chunks.next() { try survey.append(chunk) }
                if !survey.isComplete { try survey.finish() }
            } catch is RecordingError {
                // The translation itself comes to the same place and says it, after what is whole before it.
            }
        }
        tables = survey.tables
        hasDefinitions = survey.isComplete
        source = survey.source
    }

    /// A translation of this recording by a configuration's mapping.
    func replay(_ configuration: Configuration, source: SourceSettings, isCounting: Bool = false) -> Lode.Replay {
        Lode.Replay(
            configuration.events(of: source), source: source.name, typePrefix: configuration.typePrefix,
            tables: tables, isCounting: isCounting)
    }

    /// Hands out the bytes, some 256 kB at a time.
    ///
    /// - Throws: ``FileError``, or what `body` throws.
    func read(_ body: ([UInt8]) throws -> Void) throws {
        let chunks = try FileChunks(path)
        defer { chunks.close() }
        while let chunk = try chunks.next() { try body(chunk) }
    }

    /// What stopped a translation, for a person; nil when the error is not about the recording.
    func text(of error: any Error) -> String? {
        switch error {
        case let error as RecordingError: error.diagnostic(file: path).description
        case let error as TranslationError: "\(path): error: \(error)"
        default: nil
        }
    }
}

extension SourceOption {
    /// The source named on the command line, else the one that was recorded, else the only one.
    func choose(from configuration: Configuration, for log: RecordedLog) throws -> SourceSettings {
        if source == nil, let found = configuration.sources.first(where: { $0.name == log.source }) { return found }
        return try choose(from: configuration)
    }
}
