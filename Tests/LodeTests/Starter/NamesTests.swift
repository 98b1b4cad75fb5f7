import Testing

@testable import Lode

struct NamesTests {
    @Test(arguments: [
        ("orders", "Order"), ("order_lines", "OrderLine"), ("categories", "Category"), ("addresses", "Address"),
        ("statuses", "Status"), ("status", "Status"), ("people", "Person"), ("school_children", "SchoolChild"),
        ("boxes", "Box"), ("batches", "Batch"), ("caches", "Cache"), ("branches", "Branch"), ("movies", "Movie"),
        ("companies", "Company"), ("analyses", "Analysis"), ("indices", "Index"), ("houses", "House"),
        ("warehouses", "Warehouse"), ("bonuses", "Bonus"), ("databases", "Database"), ("aliases", "Alias"),
        ("licenses", "License"), ("sizes", "Size"), ("quizzes", "Quiz"), ("shelves", "Shelf"), ("archives", "Archive"),
        ("heroes", "Hero"), ("shoes", "Shoe"), ("news", "News"), ("series", "Series"), ("media", "Media"),
        ("sms_messages", "SmsMessage"), ("api_keys", "ApiKey"), ("APIKeys", "APIKey"), ("OrderLines", "OrderLine"),
        ("ORDER_LINES", "OrderLine"), ("tbl_orders", "Order"), ("t", "T"), ("customer", "Customer"), ("skus", "Sku"),
        ("line2_items", "Line2Item"), ("größen", "Größen"), ("bus", "Bus"), ("gas", "Gas"), ("classes", "Class"),
        ("days", "Day"), ("keys", "Key"), ("ties", "Tie"), ("taxes", "Tax"), ("causes", "Cause"), ("buses", "Bus"),
    ])
    func aTableIsNamedForOneOfItsRows(table: String, entity: String) {
        #expect(EnglishNames.pascal(EnglishNames.entity(of: table)) == entity)
    }

    @Test(arguments: [
        ("customer_id", "customerId"), ("id", "id"), ("ID", "id"), ("URL", "url"), ("createdAt", "createdAt"),
        ("created at", "createdAt"), ("2fa_code", "2faCode"),
    ])
    func aColumnIsNamedAsJSONHasIt(column: String, member: String) {
        #expect(EnglishNames.camel(EnglishNames.words(of: column)) == member)
    }

    @Test(arguments: [
        ("status", "SHIPPED", "OrderShipped"), ("status", "paid", "OrderPaid"), ("status", "OPEN", "OrderOpened"),
        ("status", "active", "OrderActivated"), ("status", "in_transit", "OrderStatusInTransit"),
        ("status", "PARTIALLY_REFUNDED", "OrderPartiallyRefunded"), ("status", "NEW", "OrderStatusNew"),
        ("state", "pending", "OrderStatePending"), ("status", "N/A", "OrderStatusNA"),
        ("status", "won't", "OrderStatusWont"),
        ("payment_status", "PAID", "OrderPaymentPaid"), ("payment_status", "PENDING", "OrderPaymentStatusPending"),
        ("order_status", "SHIPPED", "OrderShipped"), ("status", "sent back", "OrderSentBack"),
    ])
    func aStepIsNamedForWhatHappened(column: String, value: String, event: String) {
        #expect(StatusNames.event(["order"], column: column, value: value) == event)
    }

    @Test func aValueWithoutLettersNamesNothing() {
        #expect(StatusNames.event(["order"], column: "status", value: "-") == nil)
    }

    @Test(arguments: [
        ("postgresql://lode@localhost/shop", false), ("postgresql://lode:secret@localhost/shop", true),
        ("postgresql://localhost:5432/shop", false), ("postgres://lode@[::1]:5432/shop", false),
        ("host=a password=b", true), ("postgresql://a/b?password=c", true), ("service=shop", false), ("", false),
    ])
    func passwordsAreFound(connection: String, hasSecret: Bool) {
        #expect(StarterConnection.hasSecret(connection) == hasSecret)
    }

    @Test(arguments: [
        ("id", "id"), ("a = 'b'", "a = 'b'"), ("\"Odd\"", "'\"Odd\"'"), ("a: b", "'a: b'"), ("a #b", "'a #b'"),
        ("'x'", "'''x'''"), ("null", "'null'"), ("on", "'on'"), ("a\nb", "\"a\\nb\""), ("a ${b}", "a $${b}"),
        ("", "''"), ("- a", "'- a'"), ("7", "'7'"), ("a:", "'a:'"),
    ])
    func yamlIsQuotedWhereItMustBe(text: String, yaml: String) {
        #expect(StarterText.yaml(text) == yaml)
    }
}
