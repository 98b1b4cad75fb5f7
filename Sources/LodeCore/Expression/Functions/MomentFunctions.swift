/// Arithmetic and functions of dates, times, timestamps and intervals (date.c, timestamp.c, formatting.c).
///
/// A timestamp with time zone is the same number as one without, since the time zone is UTC.
enum MomentFunctions {
    static let all = sums + differences + intervals + making + MomentFieldFunctions.all

    private static let stamps: [ScalarType] = [.timestamp, .timestampWithTimeZone]

    /// A sum and the same the other way round.
    private static func sum(
        _ left: ScalarType, _ right: ScalarType, _ result: ScalarType,
        _ work: @escaping @Sendable (Value, Value) throws -> Value
    ) -> [Function] {
        [
            Function("+", [left, right], result) { try work($0[0], $0[1]) },
            Function("+", [right, left], result) { try work($0[1], $0[0]) },
        ]
    }

    private static let sums: [Function] =
        sum(.date, .integer, .date) { .day(try CalendarDay.adding([$1].integer(0), to: [$0].day(0))) }
        + sum(.date, .interval, .timestamp) { .moment(try CalendarDay.adding([$1].interval(0), to: [$0].day(0))) }
        + sum(.date, .time, .timestamp) { .moment(try CalendarDay.adding(time: [$1].time(0), to: [$0].day(0))) }
        + sum(.time, .interval, .time) { .time(TimeOfDay.adding(try [$1].interval(0), to: try [$0].time(0))) }
        + stamps.flatMap { stamp in
            sum(stamp, .interval, stamp) { .moment(try Moment.adding([$1].interval(0), to: [$0].moment(0))) }
        }

    private static let differences: [Function] =
        [
            Function("-", [.date, .integer], .date) {
                .day(try CalendarDay.subtracting($0.integer(1), from: $0.day(0)))
            },
            Function("-", [.date, .date], .integer) { .integer(try CalendarDay.difference($0.day(0), $0.day(1))) },
            Function("-", [.date, .interval], .timestamp) {
                .moment(try CalendarDay.subtracting($0.interval(1), from: $0.day(0)))
            },
            Function("-", [.time, .interval], .time) {
                .time(TimeOfDay.subtracting(try $0.interval(1), from: try $0.time(0)))
            },
            Function("-", [.time, .time], .interval) {
                .interval(TimeOfDay.difference(try $0.time(0), try $0.time(1)))
            },
        ]
        + stamps.flatMap { stamp in
            [
                Function("-", [stamp, .interval], stamp) {
                    .moment(try Moment.subtracting($0.interval(1), from: $0.moment(0)))
                },
                Function("-", [stamp, stamp], .interval) {
                    .interval(try Moment.difference($0.moment(0), $0.moment(1)))
                },
                Function("age", [stamp, stamp], .interval) { .interval(try Moment.age($0.moment(0), $0.moment(1))) },
            ]
        }

    private static func interval(
        _ name: String, _ work: @escaping @Sendable (Interval) throws -> Interval
    ) -> Function {
        Function(name, [.interval], .interval) { .interval(try work($0.interval(0))) }
    }

    private static let intervals: [Function] = [
        Function("+", [.interval, .interval], .interval) { .interval(try $0.interval(0).adding($0.interval(1))) },
        Function("-", [.interval, .interval], .interval) { .interval(try $0.interval(0).subtracting($0.interval(1))) },
        Function("*", [.interval, .double], .interval) { .interval(try $0.interval(0).multiplied(by: $0.double(1))) },
        Function("*", [.double, .interval], .interval) { .interval(try $0.interval(1).multiplied(by: $0.double(0))) },
        Function("/", [.interval, .double], .interval) { .interval(try $0.interval(0).divided(by: $0.double(1))) },
        interval("-") { try $0.negated() },
        interval("justify_hours") { try $0.justifyingHours() },
        interval("justify_days") { try $0.justifyingDays() },
        interval("justify_interval") { try $0.justifying() },
    ]

    // MARK: - Making

    private static let making: [Function] =
        [
            Function("make_date", [.integer, .integer, .integer], .date) {
                .day(try CalendarDay.make(year: $0.integer(0), month: $0.integer(1), day: $0.integer(2)))
            },
            Function("make_time", [.integer, .integer, .double], .time) {
                .time(try TimeOfDay.make(hour: $0.integer(0), minute: $0.integer(1), second: $0.double(2)))
            },
            Function("make_timestamp", [.integer, .integer, .integer, .integer, .integer, .double], .timestamp) {
                .moment(
                    try Moment.make(
                        year: $0.integer(0), month: $0.integer(1), day: $0.integer(2), hour: $0.integer(3),
                        minute: $0.integer(4), second: $0.double(5)))
            },
            Function("to_timestamp", [.double], .timestampWithTimeZone) {
                .moment(try Moment.moment(ofUnixSeconds: $0.double(0)))
            },
            Function("isfinite", [.date], .boolean) { .boolean(CalendarDay.isFinite(try $0.day(0))) },
            Function("isfinite", [.interval], .boolean) { _ in .boolean(true) },
        ]
        + stamps.flatMap { stamp in
            [
                Function("date", [stamp], .date) { .day(Moment.day(of: try $0.moment(0))) },
                Function("isfinite", [stamp], .boolean) { .boolean(Moment.isFinite(try $0.moment(0))) },
            ]
        } + zones

    /// `at time zone`, which the parser gives as `timezone(zone, moment)`.
    private static let zones: [Function] = [
        (ScalarType.timestamp, ScalarType.timestampWithTimeZone), (.timestampWithTimeZone, .timestamp),
    ].flatMap { from, to in
        [
            Function("timezone", [.type(.text), .type(from)], .type(to)) { site throws(FunctionError) in
                let zone = try site.prepared(0) { try Moment.requireUTC($0) }
                return Function.body {
                    try zone($0)
                    return $0[1]
                }
            },
            Function("timezone", [.interval, from], to) {
                .moment(
                    try Moment.shifted($0.moment(1), by: $0.interval(0), toZone: from == .timestampWithTimeZone))
            },
        ]
    }
}
