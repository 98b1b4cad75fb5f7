import TestSupport
import Testing

@Suite(.blocking, .serialized) struct HelpTests {
    @Test func everyCommandIsExplainedOnOneLine() throws {
        let help = try LodeProgram.run(["--help"], environment: ["COLUMNS": "80"])
        #expect(help.status == 0)
        let lines = help.out.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let first = try #require(lines.firstIndex { $0.hasSuffix("SUBCOMMANDS:") })
        for line in lines[first...] where line.hasPrefix("  ") && !line.contains("lode help") {
            #expect(line.dropFirst(2).first != " ", "“\(line)” goes on from the line above; shorten the abstract")
        }
    }

    @Test func everyCommandHasAConfigurationOption() throws {
        let help = try LodeProgram.run(["--help"])
        let commands = help.out.split(separator: "\n").filter { $0.hasPrefix("  ") && $0.dropFirst(2).contains("  ") }
            .compactMap {
                line in
                line.dropFirst(2).first?.isLetter == true ? line.split(separator: " ").first.map(String.init) : nil
            }
        #expect(commands.count >= 12)
        for command in commands where !["schema", "subscribers", "parked"].contains(command) {
            #expect(try LodeProgram.run([command, "--help"]).out.contains("--config"), "\(command)")
        }
        #expect(try LodeProgram.run(["subscribers", "pause", "--help"]).out.contains("--config"))
        #expect(try LodeProgram.run(["parked", "retry", "--help"]).out.contains("--config"))
        #expect(try LodeProgram.run(["schema", "config", "--help"]).out.contains("--config"))
    }
}
