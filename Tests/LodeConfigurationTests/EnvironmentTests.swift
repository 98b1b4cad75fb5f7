import LodeConfiguration
import LodeCore
import Testing

@Suite struct EnvironmentTests {
    private func connection(_ text: String, _ environment: [String: String]) throws -> String? {
        try load("sources:\n  s:\n    connection: \(text)\n", environment).sources.first?.connection
    }

    @Test(arguments: [
        ("${A}", "x"), ("a${A}b", "axb"), ("\"${A}${A}\"", "xx"), ("${B:-y}", "y"), ("${A:-y}", "x"),
        ("${E:-y}", "y"), ("a${E}b", "ab"), ("a${B:-}b", "ab"), ("${B:-a:-b}", "a:-b"), ("$A $$ $", "$A $$ $"),
        ("$${A}", "${A}"), ("$$${A}", "$${A}"), ("'$${A}${A}'", "${A}x"), ("${Q}", "a: [\"'\n"),
        ("|\n      ${A}\n      y\n", "x\ny"), ("a}${A}", "a}x"),
    ])
    func valuesAreTakenFromTheEnvironment(text: String, expected: String) throws {
        let environment = ["A": "x", "E": "", "Q": "a: [\"'\n"]
        #expect(try connection(text, environment) == expected)
    }

    @Test func everyValueMayComeFromTheEnvironmentButNoKey() throws {
        let environment = ["PATH_": "p", "HB": "3s", "N": "5", "T": "orders"]
        let configuration = try load(
            """
            sources: { s: { connection: x, heartbeat: "${HB}" } }
            journal: { path: "${PATH_}/j" }
            events: { A: { from: "insert into ${T}" } }
            subscribers: { a: { stdout: {}, retry: { attempts: "${N}" } } }
            """, environment)
        #expect(configuration.sources.first?.heartbeat == .seconds(3))
        #expect(configuration.journal?.path == "p/j")
        #expect(configuration.events.first?.ways.first?.trigger.table?.name == "orders")
        #expect(configuration.subscribers.first?.retry.attempts == 5)
        expectErrors(
            shop + "events: { \"▸${T}\": { from: update a } }\n", "cannot name an event", environment: environment)
    }

    @Test func whatIsNotSetIsToldAtItsPlace() {
        expectErrors(
            shop + "journal: { path: \"a/▸${NOT_SET}\" }\ntype_prefix: ▸${NOR_THIS}\n",
            "the environment variable NOT_SET is not set; set it, or give a default: ${NOT_SET:-default}",
            "NOR_THIS is not set")
    }

    @Test(arguments: ["▸${}", "▸${1A}", "▸${A B}", "▸${A-b}", "▸${A:?b}", "a▸${A", "▸${Ä}", "▸${A:-${B}}"])
    func aReferenceThatCannotBeReadIsToldAtItsPlace(text: String) {
        let yaml = MarkedYAML(shop + "type_prefix: \(text)\n")
        let found = diagnostics(yaml.text, ["A": "x", "B": "y"])
        #expect(found.count == 1)
        #expect(found.first?.place.map { "\($0.line):\($0.column)" } == yaml.places.first)
    }

    @Test func textWithAReplacementIsNoLongerVerbatim() throws {
        let yaml = shop + "events:\n  A:\n    from: update a\n    when: \"x = ${V}\"\n    key: $${\n"
        let way = try #require(try load(yaml, ["V": "1"]).events.first?.ways.first)
        #expect(way.when?.text == "x = 1")
        #expect(way.when?.isVerbatim == false)
        #expect(way.when?.place?.column == 12)
        #expect(way.when?.place?.lineText == "    when: \"x = ${V}\"")
        #expect(way.key?.text == "${")
        #expect(way.key?.isVerbatim == false)
    }

    @Test func aReplacedValueIsInNoDiagnostic() {
        let secret = "hunter2 is: [secret"
        let found = diagnostics(
            """
            sources:
              s: { connection: "${S}", slot: "${S}", heartbeat: "${S}" }
              t: "${S}"
            journal: { path: "${S}", retain: { for: "${S}", size: "${S}" } }
            type_prefix: ${S}
            http: { listen: "${S}" }
            events:
              A: { from: "${S}", source: "${S}" }
              B: { from: "insert ${S}", source: "${S}" }
              C: { from: "insert into a ${S}", source: "${S}" }
              D: ${S}
            subscribers:
              a: { on: "${S}", start: "${S}", then: "${S}", retry: { attempts: "${S}", first: "${S}" } }
            """, ["S": secret])
        #expect(found.count >= 15, Comment(rawValue: found.map(\.description).joined(separator: "\n")))
        for diagnostic in found {
            #expect(!diagnostic.description.contains("hunter2"))
        }
        #expect(found.contains { $0.message.contains("“${S}” is not a duration") })
    }

    @Test(arguments: [
        "sources: { shop: { connection: 'password=hunter2', x: y } }",
        "sources:\n  shop:\n    conection: postgresql://u:hunter2@h/d\n",
        "sources:\n  shop:\n    connection:\n      - hunter2\n",
        "sources:\n  shop:\n    connection: [hunter2]\n    x: 1\n",
        "sources:\n  shop:\n    secret: hunter2\n",
        "sources:\n  shop:\n    secrets:\n    - hunter2\n    - &a hunter2\n    - *b\n",
        "sources:\n  shop:\n    pasword: hunter2\n",
        "sources:\n  shop:\n    Password: 'hunter2\n",
        "sources:\n  shop:\n    token: \"hunter2\\q\"\n",
        "sources:\n  shop:\n    { token:\n    \"hunter2\\q\" }\n",
        "sources:\n  shop:\n    url: amqp://u:hunter2@h\n",
        "sources:\n  shop:\n    conn: host=a password = hunter2\n",
        "subscribers:\n  a:\n    webhook: { headers: { Authorization: hunter2 } }\n",
        "subscribers:\n  a:\n    bearer_token: |\n      hunter2\n\n      hunter2\n   x\n",
        "sources:\n  shop:\n    secert: hunter2\n",
        "sources:\n  shop:\n    slot: postgresql://u:hunter2@h/d\n    connection: x\n",
        "sources:\n  shop: postgresql://u:hunter2@h/d\n",
        "sources:\n  shop:\n    connection: \"a\n    hunter2 \\q\"\n",
        "sources:\n  shop:\n    ? secret\n    : hunter2\n",
    ])
    func aLineThatHoldsASecretIsNotQuoted(text: String) {
        let found = diagnostics(text)
        #expect(!found.isEmpty)
        for diagnostic in found { #expect(!diagnostic.description.contains("hunter2"), "\(diagnostic)") }
    }

    @Test func otherLinesAreQuoted() {
        let found = diagnostics("sources:\n  shop:\n    connection: 'x' # don't\n    slott: y\n    heartbeat: z\n")
        #expect(found.map { $0.place?.lineText } == ["    slott: y", "    heartbeat: z"])
        #expect(found.last?.message.hasPrefix("“z” is not") == true)
    }
}
