import Foundation
import Testing

/// The examples of the documentation, run.
struct MappingPageTests {
    private static let page = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources/Lode/Lode.docc/Mapping.md")

    /// Blocks of code: their language and text.
    private static func blocks() throws -> [(language: String, text: String)] {
        let parts = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```")
        return stride(from: 1, to: parts.count, by: 2).map { index in
            let lines = parts[index].split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(lines[0]), lines.count > 1 ? String(lines[1]) : "")
        }
    }

    @Test func everyExampleGivesTheEventsThatThePageShows() throws {
        let blocks = try Self.blocks()
        var count = 0
        for (index, block) in blocks.enumerated() where block.language == "yaml" {
            try #require(index + 2 < blocks.count)
            #expect(blocks[index + 1].language == "log")
            #expect(blocks[index + 2].language == "events")
            let mapping = try OfflineMapping(block.text)
            let events = try mapping.short(blocks[index + 1].text.trimmingCharacters(in: .newlines))
            #expect(events == blocks[index + 2].text.split(separator: "\n").map(String.init), "\(block.text)")
            count += 1
        }
        #expect(count >= 9)
    }
}
