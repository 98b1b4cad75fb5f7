import Foundation
import LodeConfiguration
import TestSupport
import Testing

/// The rules of the house, held by tests so that laptop and CI agree.
struct HouseTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func sources(under folder: String) throws -> [(path: String, text: String)] {
        let base = root.appendingPathComponent(folder)
        let files = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return try files.filter { $0.hasSuffix(".swift") }.map {
            ($0, try String(contentsOf: base.appendingPathComponent($0), encoding: .utf8))
        }
    }

    /// And PCRE2, which is pure too: a pattern and bytes in, places out; and the standard library.
    @Test func coreImportsNothingButTheCLibrary() throws {
        for (path, text) in try Self.sources(under: "Sources/LodeCore") {
            for line in text.split(separator: "\n") where line.hasPrefix("import ") || line.hasPrefix("public import ")
            {
                #expect(
                    ["Glibc", "Musl", "Darwin", "CPCRE2", "Synchronization"].contains { line.hasSuffix($0) },
                    "\(path): \(line)")
            }
        }
    }

    @Test(arguments: [
        ("LodeConfiguration", ["LodePostgres", "LodeJournal", "Lode", "GRDB", "CPQ"]),
        ("LodePostgres", ["LodeJournal", "LodeConfiguration", "Lode", "GRDB", "Yams", "Foundation"]),
        ("LodeJournal", ["LodePostgres", "LodeConfiguration", "Lode", "Yams", "CPQ"]),
        ("Lode", ["GRDB", "Yams", "CPQ"]),
    ])
    func levelsDoNotImportSideways(target: String, forbidden: [String]) throws {
        for (path, text) in try Self.sources(under: "Sources/\(target)") {
            for name in forbidden {
                let found = text.split(separator: "\n").contains {
                    $0 == "import \(name)" || $0 == "public import \(name)"
                }
                #expect(!found, "\(target)/\(path) imports \(name)")
            }
        }
    }

    @Test func filesStaySmall() throws {
        for (path, text) in try Self.sources(under: "Sources") {
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 500, "\(path)")
        }
    }

    @Test func completeExamplesOfTheDocumentationLoad() throws {
        var files = [Self.root.appendingPathComponent("README.md")]
        let catalogue = Self.root.appendingPathComponent("Sources/Lode/Lode.docc")
        files += (try? FileManager.default.contentsOfDirectory(at: catalogue, includingPropertiesForKeys: nil)) ?? []
        var loaded = 0
        for file in files where file.pathExtension == "md" {
            let parts = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "```")
            for part in parts where part.hasPrefix("yaml\nsources:") {
                let environment = ["SHOP_URL": "dbname=shop"]
                #expect(throws: Never.self, "\(file.lastPathComponent)") {
                    _ = try Configuration.load(text: String(part.dropFirst(5)), environment: environment)
                }
                loaded += 1
            }
        }
        #expect(loaded > 0)
    }

    /// The readers' lists of keys, out of their text: a list that is added is tested without a word here.
    @Test func theReferenceHasEveryKeyOfTheConfiguration() throws {
        let page = Self.root.appendingPathComponent("Sources/Lode/Lode.docc/Configuration.md")
        let reference = try String(contentsOf: page, encoding: .utf8)
        let list = /static let (\w+)(?:: \[String\])? = \[([^\]]*)\]/
        var lists = 0
        for (path, text) in try Self.sources(under: "Sources/LodeConfiguration/Reading") {
            for match in text.matches(of: list) {
                let name = match.1.lowercased()
                guard name.hasSuffix("keys") || name.hasSuffix("kinds"), !name.hasPrefix("later") else { continue }
                lists += 1
                for key in match.2.matches(of: /"([^"]+)"/) {
                    #expect(reference.contains("`\(key.1)`"), "\(path): \(match.1) has “\(key.1)”")
                }
            }
        }
        #expect(lists >= 10)
    }

    @Test func theShopsMappingLoads() throws {
        let file = Self.root.appendingPathComponent("docker/shop/lode.yaml").path
        let (configuration, warnings) = try Configuration.load(file: file, environment: [:])
        #expect(configuration.events.count == 8)
        #expect(warnings.isEmpty)
    }
}
