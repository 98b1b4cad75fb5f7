import Foundation
import Lode
import TestSupport
import Testing

struct JUnitReportTests {
    @Test func whateverIsInATextTheReportIsXMLThatSaysIt() throws {
        let nasty = "a<b>&\"'\u{1}\u{FFFE}\n\t]]>é🐘"
        let report = JUnitReport(
            name: "lode.yaml",
            cases: [
                .init(file: "shop/ok.recvlogical", result: .passed, duration: .milliseconds(12)),
                .init(file: "shop/\(nasty).x", result: .failed(summary: nasty, detail: nasty), duration: .seconds(1)),
                .init(file: "broken", result: .error(summary: "e", detail: "e"), duration: .zero),
            ])
        let folder = try TemporaryFolder()
        let file = try folder.write(report.xml, to: "report.xml")
        let script = """
            import sys, json, xml.etree.ElementTree as tree
            suite = tree.parse(sys.argv[1]).getroot()[0]
            print(json.dumps([suite.attrib] + [[c.attrib["classname"], c.attrib["name"], c.attrib["time"],
                [[e.tag, e.attrib["message"], e.text] for e in c]] for c in suite]))
            """
        let read = try Shell.run("python3", ["-c", script, file])
        let shown = "a<b>&\"'\u{FFFD}\u{FFFD}\n\t]]>é🐘"
        let whole = try #require(
            try JSONSerialization.jsonObject(with: Data(read.utf8)) as? [Any])
        #expect(
            whole.first as? [String: String] == [
                "name": "lode.yaml", "tests": "3", "failures": "1", "errors": "1", "skipped": "0", "time": "1.012",
            ])
        let cases = try #require(Array(whole.dropFirst()) as? [[Any]])
        #expect(cases.map { $0[0] as? String } == ["shop", "shop", "."])
        #expect(cases.map { $0[1] as? String } == ["ok.recvlogical", "\(shown).x", "broken"])
        #expect(cases.map { $0[2] as? String } == ["0.012", "1.000", "0.000"])
        #expect(cases[1][3] as? [[String]] == [["failure", shown, shown]])
        #expect(cases[2][3] as? [[String]] == [["error", "e", "e"]])
    }
}
