import Testing

@testable import LodeCore

/// What `lode check` says of rules that are right: where each risk is, and what mends it.
@Suite struct MappingRisksTests {
    private static let orders = TableName(schema: "public", name: "orders")
    private static let lines = TableName(schema: "public", name: "order lines")

    private static func orders(
        _ identity: ReplicaIdentity = .default, key: [String] = ["id"], name: TableName = orders,
        root: TableName? = nil
    ) -> TableDefinition {
        let columns = [
            ColumnDefinition(name: "id", type: "bigint", notNull: true),
            ColumnDefinition(name: "status", type: "text"),
            ColumnDefinition(name: "note", type: "text", canToast: true),
            ColumnDefinition(name: "email", type: "text", notNull: true),
        ]
        let carried: [String] =
            switch identity {
            case .full: columns.map(\.name)
            case .nothing: []
            case .default, .index: key
            }
        return TableDefinition(
            name: name, root: root, columns: columns, primaryKey: key, replicaIdentity: identity,
            identityColumns: carried)
    }

    private static let lineTable = TableDefinition(
        name: lines,
        columns: [
            ColumnDefinition(name: "order_id", type: "bigint", notNull: true),
            ColumnDefinition(name: "remark", type: "text", canToast: true),
        ], primaryKey: ["order_id"], replicaIdentity: .default, identityColumns: ["order_id"])

    private static func text(_ text: String, line: Int) -> SourceText {
        SourceText(text, at: Place(file: "lode.yaml", line: line, column: 1))
    }

    private static func way(
        _ trigger: EventDefinition.Trigger, when: String? = nil, key: String? = nil, data: String? = nil,
        gather: EventDefinition.Gather? = nil, isNet: Bool = false, unknown: EventDefinition.UnknownPolicy? = nil
    ) -> EventDefinition.Way {
        EventDefinition.Way(
            from: text("from", line: 1), trigger: trigger, gather: gather.map { [$0] } ?? [], isNet: isNet,
            when: when.map { text($0, line: 2) }, key: key.map { text($0, line: 3) },
            data: data.map { .expression(text($0, line: 4)) }, unknown: unknown)
    }

    /// `line: message` of each warning.
    private static func risks(_ way: EventDefinition.Way, _ tables: TableDefinition...) throws -> [String] {
        let event = EventDefinition(name: text("Event", line: 0), ways: [way])
        let known = Dictionary(uniqueKeysWithValues: (tables + [lineTable]).map { ($0.name, $0) })
        let mapping = try CompiledMapping([event], tables: known)
        #expect(mapping.warnings.allSatisfy { $0.severity == .warning })
        return mapping.warnings.map { "\($0.place?.line ?? 0): \($0.message)" }
    }

    private static let full = "ALTER TABLE public.orders REPLICA IDENTITY FULL;"

    @Test func anUpdateCanLeaveOutWhatIsStoredOutOfLine() throws {
        let update = EventDefinition.Trigger.row(.update, Self.orders)
        let left = "an update that does not touch note of public.orders may leave it out of the log (TOAST), and then"
        #expect(
            try Self.risks(Self.way(update, data: "note"), Self.orders())
                == ["4: \(left) this is unknown and left out; \(Self.full) or say `unknown:`"])
        #expect(
            try Self.risks(Self.way(update), Self.orders())
                == ["1: \(left) out of the data; \(Self.full) or say `unknown:`"])
        #expect(
            try Self.risks(Self.way(update, when: "note = 'x'", data: "id"), Self.orders())
                == ["2: \(left) the condition is unknown and not true; \(Self.full)"])
        #expect(
            try Self.risks(Self.way(update, key: "coalesce(note, '')", data: "id"), Self.orders())
                == ["3: \(left) the event cannot be made; \(Self.full)"])
    }

    @Test func nothingIsLeftOutOfInsertsOrUnderFull() throws {
        let (insert, update) = (
            EventDefinition.Trigger.row(.insert, Self.orders), EventDefinition.Trigger.row(.update, Self.orders)
        )
        #expect(try Self.risks(Self.way(insert, when: "note = 'x'"), Self.orders()) == [])
        #expect(try Self.risks(Self.way(update, when: "old.note <> note"), Self.orders(.full)) == [])
        #expect(try Self.risks(Self.way(update, data: "email"), Self.orders()) == [])
    }

    @Test func aRuleThatSaysWhatToDoIsNotToldAgain() throws {
        let update = EventDefinition.Trigger.row(.update, Self.orders)
        for policy in EventDefinition.UnknownPolicy.allCases {
            #expect(try Self.risks(Self.way(update, data: "note", unknown: policy), Self.orders()) == [])
            #expect(try Self.risks(Self.way(update, unknown: policy), Self.orders()) == [])
            // Of conditions it says nothing.
            #expect(try Self.risks(Self.way(update, when: "note = 'x'", unknown: policy), Self.orders()).count == 1)
        }
        #expect(try Self.risks(Self.way(update, data: "old.status", unknown: .omit), Self.orders()) == [])
        // The database has only the row of now.
        #expect(try Self.risks(Self.way(update, data: "old.status", unknown: .reselect), Self.orders()).count == 1)
    }

    @Test func oldValuesAreOnlyThoseOfTheIdentity() throws {
        let update = EventDefinition.Trigger.row(.update, Self.orders)
        #expect(
            try Self.risks(Self.way(update, when: "old.status = 'NEW' and old.id = 1", data: "id"), Self.orders())
                == [
                    "2: the log does not carry the old status of public.orders, so the condition is unknown and not true; "
                        + Self.full
                ])
        let delete = EventDefinition.Trigger.row(.delete, Self.orders)
        #expect(
            try Self.risks(Self.way(delete, data: "status"), Self.orders())
                == [
                    "4: the log does not carry the old status of public.orders, so this is unknown and left out; "
                        + Self.full
                ])
        #expect(
            try Self.risks(Self.way(delete), Self.orders())
                == [
                    "1: the log carries of a deleted row of public.orders only its key, so the data is without status, "
                        + "note, email; \(Self.full) or say in `data:` what you need"
                ])
        #expect(try Self.risks(Self.way(delete, data: "id"), Self.orders()) == [])
        #expect(try Self.risks(Self.way(delete), Self.orders(.full)) == [])
    }

    @Test func aDeletedRowWithoutIdentityLeavesNothing() throws {
        let delete = EventDefinition.Trigger.row(.delete, Self.orders)
        let told = "1: the log has nothing of a deleted row of public.orders, as"
        let rest = "so its event has neither key nor data; \(Self.full)"
        #expect(
            try Self.risks(Self.way(delete, data: "status"), Self.orders(.nothing))
                == ["\(told) its replica identity is nothing, \(rest)"])
        #expect(
            try Self.risks(Self.way(delete, key: "id"), Self.orders(key: []))
                == ["\(told) it has no primary key, \(rest)"])
    }

    @Test func aKeyThatTheIdentityDoesNotCarryIsTold() throws {
        var table = Self.orders(.index)
        table.identityColumns = ["email"]
        #expect(
            try Self.risks(Self.way(.row(.delete, Self.orders), data: "email"), table)
                == ["1: the log does not carry the old id of public.orders, so the event cannot be made; \(Self.full)"])
    }

    /// A partition's identity is its own, whatever the root's is.
    @Test func partitionsAreJudgedByTheirOwnIdentity() throws {
        let update = EventDefinition.Trigger.row(.update, Self.orders)
        let way = Self.way(update, when: "old.status = 'NEW'", data: "id")
        let whole = Self.orders(.full, name: TableName(schema: "public", name: "orders_1"), root: Self.orders)
        let partly = Self.orders(name: TableName(schema: "old", name: "Orders 2"), root: Self.orders)
        #expect(try Self.risks(way, Self.orders(), whole) == [])
        #expect(
            try Self.risks(way, Self.orders(.full), whole, partly)
                == [
                    "2: the log does not carry the old status of public.orders, so the condition is unknown and not true; "
                        + "ALTER TABLE old.\"Orders 2\" REPLICA IDENTITY FULL;"
                ])
    }

    @Test func gatheredRowsAreJudgedByTheirTable() throws {
        let gather = EventDefinition.Gather(
            name: SourceText("changed_lines"), from: Self.text("update", line: 5), operation: .update,
            table: Self.lines, condition: Self.text("order_id = orders.id and remark = 'x'", line: 6))
        let way = Self.way(.row(.insert, Self.orders), data: "id", gather: gather)
        #expect(
            try Self.risks(way, Self.orders())
                == [
                    "6: an update that does not touch remark of public.order lines may leave it out of the log (TOAST), "
                        + "and then the condition is unknown and the row is not gathered; "
                        + "ALTER TABLE public.\"order lines\" REPLICA IDENTITY FULL;"
                ])
    }

    @Test func aKeyThatCanBeNullIsTold() throws {
        let insert = EventDefinition.Trigger.row(.insert, Self.orders)
        let told = try Self.risks(Self.way(insert, key: "status"), Self.orders())
        #expect(told.count == 1)
        #expect(told.first?.hasPrefix("3: the key is null when status is, and such events have no key") == true)
        for key in ["id", "email", "coalesce(status, email)", "coalesce(status, 'none')"] {
            #expect(try Self.risks(Self.way(insert, key: key), Self.orders()) == [], "\(key)")
        }
    }

    @Test func netRowsNeedAPrimaryKeyThatTheLogCarries() throws {
        let update = EventDefinition.Trigger.row(.update, Self.orders)
        #expect(try Self.risks(Self.way(update, data: "id", isNet: true), Self.orders()) == [])
        #expect(
            try Self.risks(Self.way(update, key: "id", data: "id", isNet: true), Self.orders(.full, key: []))
                == [
                    "1: `net` knows a row by its primary key, and public.orders has none, so its changes stay apart; "
                        + "add a primary key, or leave `net` out"
                ])
        #expect(try Self.risks(Self.way(update, data: "id", isNet: true), Self.orders(.nothing)).count == 1)
    }

    /// What is wrong does not hide what is risky, nor the other way round.
    @Test func mistakesAndRisksAreToldTogether() {
        let way = Self.way(.row(.update, Self.orders), when: "old.status = 'NEW'", data: "statsu")
        let result = Result { () throws(Diagnostics) in
            try CompiledMapping(
                [EventDefinition(name: SourceText("E"), ways: [way])], tables: [Self.orders: Self.orders()])
        }
        #expect(result.diagnostics.map(\.severity) == [.error, .warning])
        #expect(result.diagnostics.map { $0.place?.line } == [4, 2])
    }
}
