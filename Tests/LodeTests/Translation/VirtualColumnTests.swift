import LodeCore
import Testing

/// Columns that are computed when they are read (PostgreSQL 18): the log prints null for them.
struct VirtualColumnTests {
    @Test func theNullOfAVirtualColumnIsUnknown() throws {
        var table = OfflineMapping.table("slim", [("id", "integer"), ("twice", "integer"), ("note", "text")])
        table.columns[1].isVirtual = true
        let mapping = try OfflineMapping(
            """
            events:
              Whole: { from: insert into slim }
              Null: { from: insert into slim, when: twice is null }
              Part: { from: insert into slim, data: { id: id, twice: twice } }
            """, tables: [table])
        let row = "table public.slim: INSERT: id[integer]:1 twice[integer]:null note[text]:null"
        #expect(
            try mapping.short(OfflineMapping.transaction(row)) == [
                #"Whole 1 {"id":1,"note":null}"#, #"Part 1 {"id":1}"#,
            ])
    }
}
