import Foundation
import LodeCore

/// A recording and the file with the events that it must give.
///
/// In a folder, recordings are the files named `*.recording.jsonl`, `*.recording` or `*.recvlogical`,
/// and every file that has a `<name>.events.jsonl` beside it and begins as a recording does.
/// `shop/orders.recording.jsonl` goes with `shop/orders.events.jsonl`.
public struct GoldenRecording: Hashable, Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    public static let expectedEnding = ".events.jsonl"
    private static let endings = [".recording.jsonl", ".recording", ".recvlogical"]

    public var expectedPath: String {
        let (folder, name) = Self.split(path)
        return folder + Self.stem(of: name) + Self.expectedEnding
    }

    /// The recordings under a folder, in the order of their paths, and the files of expected events
    /// that no recording goes with.
    ///
    /// Hidden folders, `node_modules` and folders that are links are passed over.
    ///
    /// - Throws: What reading a folder throws.
    public static func find(in folder: String) throws -> (recordings: [GoldenRecording], orphans: [String]) {
        var recordings: [GoldenRecording] = []
        var orphans: [String] = []
        var open = [folder]
        while let folder = open.popLast() {
            let prefix = folder.isEmpty || folder == "." ? "" : folder.hasSuffix("/") ? folder : folder + "/"
            var expected: Set<String> = []
            var files: [String] = []
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder) {
                let type = try? FileManager.default.attributesOfItem(atPath: prefix + name)[.type] as? FileAttributeType
                if type == .typeDirectory {
                    if !name.hasPrefix("."), name != "node_modules" { open.append(prefix + name) }
                } else if name.hasSuffix(expectedEnding) {
                    expected.insert(String(name.dropLast(expectedEnding.count)))
                } else {
                    files.append(name)
                }
            }
            var named: Set<String> = []
            for name in files {
                let isNamed = endings.contains { name.hasSuffix($0) && name != $0 }
                guard isNamed || expected.contains(stem(of: name)) && looksRecorded(prefix + name) else { continue }
                recordings.append(GoldenRecording(prefix + name))
                named.insert(stem(of: name))
            }
            orphans += expected.subtracting(named).map { prefix + $0 + expectedEnding }
        }
        return (recordings.sorted { $0.path < $1.path }, orphans.sorted())
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[...slash]), String(path[path.index(after: slash)...]))
    }

    /// The name without its ending.
    private static func stem(of name: String) -> String {
        if let ending = endings.first(where: { name.hasSuffix($0) && name != $0 }) {
            return String(name.dropLast(ending.count))
        }
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }

    /// Whether the file begins with a record in one of the known formats.
    private static func looksRecorded(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: 256 * 1024), !data.isEmpty else { return false }
        let beginning = [UInt8](data)
        if beginning.first == UInt8(ascii: "{") { return beginning.starts(with: "{\"lode\"".utf8) }
        var reader = RecordingReader()
        reader.append(beginning)
        if beginning.count < 256 * 1024 { reader.finish() }
        do {
            guard try reader.next() != nil else { return false }
            var change = Change()
            try reader.withRecord { record in try RecordReader().read(record, into: &change) }
            return true
        } catch {
            return false
        }
    }
}
