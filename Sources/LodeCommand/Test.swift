import ArgumentParser
import Foundation
import Lode
import LodeConfiguration
import LodeCore

struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares recordings' events with the expected ones.",
        discussion: """
            In a folder, a recording is a file named *.recording.jsonl, *.recording or *.recvlogical, or one that \
            begins as a recording does and has a NAME.events.jsonl beside it. orders.recording.jsonl is compared \
            with orders.events.jsonl, event by event; blanks and the order of members do not count.

            `lode record --output orders.recording.jsonl` makes a recording, `lode test --update` its expected \
            events; keep both in version control.
            """)

    @Argument(
        help: ArgumentHelp(
            "Recordings, or folders with recordings. (default: the configuration's folder)", valueName: "path"),
        completion: .file())
    var paths: [String] = []

    @Flag(help: "Write the events as the expected ones, and say which changed.")
    var update = false

    @Option(help: ArgumentHelp("Write a JUnit XML report for CI.", valueName: "file"), completion: .file())
    var junit: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var choice: SourceOption

    func run() async throws {
        try await Terminal.running { try test() }
    }

    private func test() throws {
        let configuration = try options.load()
        let recordings = try find()
        let translation = GoldenTranslation(configuration: configuration, choice: choice, isUpdating: update)
        let output = GoldenOutput(paint: .forOutput)
        let progress = ProgressLine()
        var outcomes: [GoldenOutcome] = []
        var isMisconfigured = false
        for (index, recording) in recordings.enumerated() {
            progress.show("\(index + 1)/\(recordings.count)  \(recording.path)")
            let outcome: GoldenOutcome
            do {
                outcome = try translation.run(recording)
            } catch let error as Diagnostics {
                isMisconfigured = true
                outcome = GoldenOutcome(recording, .broken(error.description))
            }
            progress.clear()
            try Terminal.write(output.text(of: outcome).utf8)
            outcomes.append(outcome)
        }
        try Terminal.write(output.summary(of: outcomes).utf8)
        if let junit {
            let report = JUnitReport(name: options.file, cases: outcomes.map(GoldenOutput(paint: .none).junit))
            try FileReplacement.write(Array(report.xml.utf8), to: junit)
        }
        if isMisconfigured { throw ExitCode(78) }
        if !outcomes.allSatisfy(\.isGood) { throw ExitCode(1) }
    }

    private func find() throws -> [GoldenRecording] {
        var recordings: [GoldenRecording] = []
        let folder = options.file.lastIndex(of: "/").map { String(options.file[...$0]) } ?? "."
        for path in paths.isEmpty ? [folder] : paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw FileError(path, "cannot be read")
            }
            guard isFolder.boolValue else {
                guard !path.hasSuffix(GoldenRecording.expectedEnding) else {
                    throw ValidationError("\(path) has the expected events; name the recording beside it")
                }
                recordings.append(GoldenRecording(path))
                continue
            }
            let found = try GoldenRecording.find(in: path)
            recordings += found.recordings
            for orphan in found.orphans {
                Terminal.complain("\(orphan): warning: no recording goes with these events; record it, or remove them")
            }
        }
        var owners: [String: String] = [:]
        for recording in recordings {
            if let other = owners.updateValue(recording.path, forKey: recording.expectedPath), other != recording.path {
                throw ValidationError(
                    "\(other) and \(recording.path) would share \(recording.expectedPath); rename one of them")
            }
        }
        guard !recordings.isEmpty else {
            let places = paths.isEmpty ? folder : paths.joined(separator: ", ")
            Terminal.complain(
                "error: there is no recording in \(places); `lode record --output orders.recording.jsonl` makes one")
            throw ExitCode(1)
        }
        return recordings
    }
}

/// Runs golden tests.
private struct GoldenTranslation {
    let configuration: Configuration
    let choice: SourceOption
    let isUpdating: Bool

    /// A test's events are held in memory.
    private static let mostBytes = 256 << 20

    /// - Throws: ``Diagnostics`` when the mapping does not fit the recording, ``FileError``.
    func run(_ recording: GoldenRecording) throws -> GoldenOutcome {
        let start = ContinuousClock.now
        let log = try RecordedLog(recording.path)
        let source = try choice.choose(from: configuration, for: log)
        var replay = log.replay(configuration, source: source)
        var bytes: [UInt8] = []
        do {
            try log.read { chunk in
                try replay.append(chunk, to: &bytes)
                if bytes.count > Self.mostBytes { throw TooMuch() }
            }
            try replay.finish(into: &bytes)
        } catch is TooMuch {
            let most = "more than \(Self.mostBytes >> 20) MB of events"
            return GoldenOutcome(recording, .broken("\(recording.path): error: \(most); record fewer transactions"))
        } catch {
            guard let text = log.text(of: error) else { throw error }
            return GoldenOutcome(recording, .broken(text), duration: start.duration(to: .now))
        }
        let events: [EventLine]
        do {
            events = try EventLine.all(of: bytes)
        } catch {
            let reason = "event \(error.line) is nested too deeply to be compared; give it less data"
            return GoldenOutcome(recording, .broken("\(recording.path): error: \(reason)"))
        }
        let verdict = try verdict(recording.expectedPath, bytes: bytes, events: events)
        return GoldenOutcome(recording, verdict, events: events.count, duration: start.duration(to: .now))
    }

    private func verdict(_ file: String, bytes: [UInt8], events: [EventLine]) throws -> GoldenOutcome.Verdict {
        guard FileManager.default.fileExists(atPath: file) else {
            guard isUpdating else { return .unexpected }
            try FileReplacement.write(bytes, to: file)
            return .written(nil)
        }
        let chunks = try FileChunks(file)
        defer { chunks.close() }
        var expected: [UInt8] = []
        while let chunk = try chunks.next() {
            expected += chunk
            if expected.count > Self.mostBytes { return .broken("\(file): error: too large; it has other events") }
        }
        if expected == bytes { return .passed }
        var comparison = EventComparison(most: 20)
        do {
            comparison.compare(old: try EventLine.all(of: expected), new: events)
        } catch {
            guard isUpdating else {
                return .broken("\(file):\(error.line):1: error: this is no event; mend it, or run lode test --update")
            }
            try FileReplacement.write(bytes, to: file)
            return .written(nil)
        }
        guard isUpdating else { return comparison.isEqual ? .passed : .differs(comparison) }
        try FileReplacement.write(bytes, to: file)
        return .written(comparison)
    }

    private struct TooMuch: Error {}
}
