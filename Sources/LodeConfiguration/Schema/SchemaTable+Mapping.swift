extension SchemaTable {
    /// lode.yaml.
    static let configuration = SchemaTable(
        sections: [top, source, journal, retain, event, subscriber, batch, retry, http] + subscriberKinds)

    private static let top = SchemaSection(
        "top", "Where changes come from, what they mean, and who hears of them.",
        [
            SchemaKey(
                "sources", .mapping(of: .section("source"), names: .source),
                "The databases, by name. The name is also in their events' source.", isRequired: true),
            SchemaKey(
                "events",
                .any([.mapping(of: .any([.section("event"), .list(of: .section("event"))]), names: .event), .empty]),
                "The events, by name, which is their type. They fire in this order. An event is one way to come about, "
                    + "or a list of ways of which the first that fits makes the event."),
            SchemaKey(
                "subscribers", .any([.mapping(of: .section("subscriber"), names: .subscriber), .empty]),
                "Who hears of events, by name."),
            SchemaKey(
                "journal", .any([.section("journal"), .words(["none"])]),
                "Where events are kept. none keeps nothing: the slot then waits for the slowest subscriber."),
            SchemaKey(
                "http", .any([.section("http"), .words(["none"])]),
                "The daemon's own endpoint: health, metrics, the feed of events. none closes it."),
            SchemaKey("type_prefix", .text, "Goes before every event's name in its type.", examples: ["com.example."]),
            SchemaKey("unknown", .words(unknownWords), unknownText + " The default for all events.", default: "omit"),
            SchemaKey(
                "on_error", .words(["stop", "skip"]), errorText + " The default for all events.", default: "stop"),
        ])

    private static let source = SchemaSection(
        "source", "One PostgreSQL database, read through one replication slot.",
        [
            SchemaKey(
                "connection", .text, "Anything libpq takes: a URL, host=... dbname=..., service=...", isRequired: true,
                examples: ["${SHOP_URL:-postgresql://lode@localhost/shop}"]),
            SchemaKey(
                "slot", .text,
                "The replication slot, created on the first run: 1 to 63 of a-z, 0-9 and _. Left out: lode_ and the "
                    + "source's name."),
            SchemaKey(
                "heartbeat", .any([.duration, .words(["none"])]),
                "How often a message is written to the log, so that health sees it come back and an idle database's "
                    + "slot moves.", default: "10s"),
            SchemaKey(
                "transaction_memory", .size,
                "So much of an open transaction's rows is held in memory; what is more waits on disk.", default: "64MB"),
        ])

    private static let journal = SchemaSection(
        "journal", "The durable log of events.",
        [
            SchemaKey("path", .text, "Its file, relative to this file's folder.", default: "lode.journal"),
            SchemaKey(
                "retain", .any([.duration, .words(["forever"]), .section("retain")]),
                "How long events stay; never past the cursor of a subscriber that is not paused.", default: "7d"),
        ])

    private static let retain = SchemaSection(
        "retain", "Limits of the journal; what is left out is no limit.",
        [
            SchemaKey("for", .duration, "Older events may go."),
            SchemaKey("size", .size, "The oldest events may go when the journal is larger."),
        ])

    private static let event = SchemaSection(
        "event", "One way an event comes about.",
        [
            SchemaKey(
                "from", .text,
                "What sets it off: insert into T, update T, delete from T, truncate T, transaction, message 'prefix'.",
                isRequired: true, examples: ["insert into orders", "update orders", "transaction"]),
            SchemaKey(
                "when", .expression, "A condition. When it is false, null or unknown there is no event.",
                examples: ["changed(status) and status = 'SHIPPED'"]),
            SchemaKey(
                "key", .expression,
                "The entity that the event is about, as text. Left out: the primary key, a composite one as a JSON array."
            ),
            SchemaKey(
                "data", .data,
                "The event's data: an expression, or members with expressions, nested as you like. each and as make a "
                    + "list of gathered rows. Left out: the whole new row, of a delete the old one."),
            SchemaKey(
                "gather", .mapping(of: .text, names: .gather),
                "Other changes of the same transaction, by name: insert into T where ..., update T, delete from T. A bare "
                    + "column is the gathered row's, and the trigger's row is reached by its table's name.",
                examples: ["insert into order_lines where order_id = orders.id"]),
            SchemaKey(
                "net", .flag, "Whether the transaction's changes of one row count as one change.", default: "false"),
            SchemaKey("id", .expression, "The id of an event that the service made itself."),
            SchemaKey("type", .expression, "The type of an event that the service made itself, taken as it is."),
            SchemaKey(
                "preset", .words(OutboxPreset.allCases.map(\.rawValue)),
                "A well-known table of ready-made events: its columns are the event's id, type, key and data."),
            SchemaKey("unknown", .words(unknownWords), unknownText),
            SchemaKey("on_error", .words(["stop", "skip"]), errorText),
            SchemaKey("source", .text, "Which source it is read from; needed when there are several."),
        ])

    private static let http = SchemaSection(
        "http", "The daemon's own endpoint.",
        [
            SchemaKey(
                "listen", .text, "Address and port; port 0 is any free one.", default: "127.0.0.1:8642"),
            SchemaKey(
                "token_file", .text,
                "A file with the token that every request must bring. Needed when others than this machine can reach "
                    + "the address."),
        ])

    private static let unknownWords = ["omit", "fail", "reselect"]
    private static let unknownText =
        "What becomes of a value that the log does not have: it is left out, it is an error, or the database is asked."
    private static let errorText =
        "What an error in an expression does: the source stands still, or lode.untranslatable takes the event's place."
}
