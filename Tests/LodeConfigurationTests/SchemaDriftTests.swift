import Foundation
import Testing

@testable import LodeConfiguration

/// The schema's table and the reader's lists of keys say the same.
struct SchemaDriftTests {
    private static let reading = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/LodeConfiguration/Reading")

    /// Every `static let ...Keys = [...]` and `...Kinds` of the reader, by the section of the table that
    /// its name means: `sourceKeys` and `laterSourceKeys` are of the section `source`, `keys` of the top.
    private static func lists() throws -> [String: Set<String>] {
        let pattern = /static let (later)?(\w*?)([kK]eys|[kK]inds)[^=\n]* = \[([^\]]*)\]/
        var found: [String: Set<String>] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: reading.path) where name.hasSuffix(".swift") {
            let text = try String(contentsOf: reading.appendingPathComponent(name), encoding: .utf8)
            for match in text.matches(of: pattern) {
                let owner = String(match.output.2)
                let section = owner.isEmpty ? "top" : owner.prefix(1).lowercased() + owner.dropFirst()
                let words = match.output.4.matches(of: /"(\w+)"/).map { String($0.output.1) }
                found[section, default: []].formUnion(words)
            }
        }
        return found
    }

    @Test func everyKeyThatTheReaderKnowsIsInTheSchemaAndNoOther() throws {
        let lists = try Self.lists()
        #expect(lists.count >= 7, "the lists are found")
        for (name, keys) in lists {
            let section = try #require(
                SchemaTable.configuration.section(name), "add a section “\(name)” to SchemaTable")
            #expect(Set(section.keys.map(\.name)) == keys, "the keys of “\(name)”")
        }
    }

    @Test func theListsFoundAreTheReadersOwn() throws {
        let lists = try Self.lists()
        #expect(lists["top"] == Set(ConfigurationReader.keys))
        #expect(lists["event"] == Set(ConfigurationReader.eventKeys))
        #expect(lists["source"] == Set(ConfigurationReader.sourceKeys))
        #expect(lists["journal"] == Set(ConfigurationReader.journalKeys))
        #expect(lists["retain"] == Set(ConfigurationReader.retainKeys))
        #expect(lists["http"] == Set(ConfigurationReader.httpKeys))
        #expect(lists["retry"] == Set(ConfigurationReader.retryKeys))
        #expect(lists["file"] == Set(ConfigurationReader.fileKeys))
        #expect(lists["subscriber"]?.isSuperset(of: ConfigurationReader.subscriberKeys) == true)
    }
}
