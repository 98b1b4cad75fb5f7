import Lode
import LodeConfiguration
import LodeCore
import Testing

/// What `lode check` says of a postgres subscriber's SQL.
@Suite struct PostgresSQLCheckTests {
    private func told(_ sql: String) throws -> [String] {
        let (configuration, told) = try Configuration.load(
            text: """
                sources: { shop: { connection: dbname=shop } }
                events:
                  OrderPlaced: { from: insert into orders, data: { orderId: id, total: total } }
                subscribers:
                  view:
                    postgres:
                      connection: dbname=view
                      sql:
                        OrderPlaced: \(sql)
                """)
        return MappingCheck.offline(configuration, told: told, tables: nil).told.map { diagnostic in
            let place = diagnostic.place.map { "\($0.line):\($0.column)" } ?? "-"
            return "\(diagnostic.severity.rawValue) \(place) \(diagnostic.message)"
        }
    }

    @Test func aMistakeInABlockIsToldWithItsLineAndColumn() throws {
        let told = try told("|\n            insert into t values (:orderId);\n            select :event.tpye")
        #expect(told == ["error 11:20 an event has no “tpye”; did you mean “:event.type”?"])
    }

    @Test func aNameThatNoEventHasIsAWarning() throws {
        let told = try told("insert into t values (:orderId, :totl)")
        #expect(told.count == 1)
        #expect(told.first?.hasPrefix("warning 9:") == true, "\(told)")
        #expect(told.first?.contains("has no member “totl”") == true, "\(told)")
        #expect(told.first?.hasSuffix("did you mean “:total”?") == true, "\(told)")
    }

    @Test func rightSQLIsPassedOver() throws {
        #expect(try told("insert into t values (:orderId, :total, :event.id, :data)") == [])
    }
}
