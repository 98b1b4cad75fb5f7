/// What is taken out of dates, times, timestamps and intervals by a field's name or a format. A name or format
/// that is a constant is read at the check.
enum MomentFieldFunctions {
    static let all = extraction + truncation + formats

    // MARK: - extract and date_part

    /// `extract(field from x)` is numeric, `date_part` the same in double precision.
    private static func field(
        _ type: ScalarType, _ extract: @escaping @Sendable ([UInt8], Value) throws -> MomentField?,
        part: @escaping @Sendable ([UInt8], Value) throws -> Double?
    ) -> [Function] {
        [
            Function("extract", [.type(.text), .type(type)], .type(.numeric)) { site throws(FunctionError) in
                let check = try site.prepared(0) { _ = try extract($0, sample(type)) }
                return Function.body {
                    try check($0)
                    guard let text = try extract($0.text(0), $0[1])?.text else { return .null }
                    return .numeric(try Numeric.read(text.span, 0..<text.count))
                }
            },
            Function("date_part", [.type(.text), .type(type)], .type(.double)) { site throws(FunctionError) in
                let check = try site.prepared(0) { _ = try part($0, sample(type)) }
                return Function.body {
                    try check($0)
                    return try part($0.text(0), $0[1]).map { .float($0) } ?? .null
                }
            },
        ]
    }

    /// Any value of a type, to try a field on.
    private static func sample(_ type: ScalarType) -> Value {
        switch type.family {
        case .date: .day(0)
        case .time: .time(0)
        case .interval: .interval(Interval())
        default: .moment(0)
        }
    }

    private static let extraction: [Function] =
        field(.date) {
            try CalendarDay.extract($0, from: [$1].day(0))
        } part: {
            try Moment.datePart($0, of: Moment.moment(ofDay: [$1].day(0)), withZone: false)
        }
        + [ScalarType.timestamp, .timestampWithTimeZone].flatMap { type in
            let withZone = type == .timestampWithTimeZone
            return field(type) {
                try Moment.extract($0, from: [$1].moment(0), withZone: withZone)
            } part: {
                try Moment.datePart($0, of: [$1].moment(0), withZone: withZone)
            }
        }
        + field(.time) {
            try TimeOfDay.extract($0, from: [$1].time(0))
        } part: {
            try TimeOfDay.extract($0, from: [$1].time(0)).double
        }
        + field(.interval) {
            try [$1].interval(0).extract($0)
        } part: {
            try [$1].interval(0).datePart($0)
        }

    // MARK: - date_trunc

    private static let truncation: [Function] =
        [ScalarType.timestamp, .timestampWithTimeZone].map { type in
            let withZone = type == .timestampWithTimeZone
            return Function("date_trunc", [.type(.text), .type(type)], .type(type)) { site throws(FunctionError) in
                let check = try site.prepared(0) { _ = try Moment.truncated(0, to: $0, withZone: withZone) }
                return Function.body {
                    try check($0)
                    return .moment(try Moment.truncated($0.moment(1), to: $0.text(0), withZone: withZone))
                }
            }
        } + [
            Function("date_trunc", [.type(.text), .type(.interval)], .type(.interval)) { site throws(FunctionError) in
                let check = try site.prepared(0) { _ = try Interval().truncated(to: $0) }
                return Function.body {
                    try check($0)
                    return .interval(try $0.interval(1).truncated(to: $0.text(0)))
                }
            },
            Function(
                "date_trunc", [.type(.text), .type(.timestampWithTimeZone), .type(.text)], .type(.timestampWithTimeZone)
            ) { site throws(FunctionError) in
                let check = try site.prepared(0) { _ = try Moment.truncated(0, to: $0, withZone: true) }
                let zone = try site.prepared(2) { try Moment.requireUTC($0) }
                return Function.body {
                    try check($0)
                    try zone($0)
                    return .moment(try Moment.truncated($0.moment(1), to: $0.text(0), withZone: true))
                }
            },
        ]

    // MARK: - Formats

    private static func toChar(
        _ type: ScalarType, _ write: @escaping @Sendable (MomentFormat, [Value]) throws -> [UInt8]?
    ) -> Function {
        Function("to_char", [.type(type), .type(.text)], .type(.text)) { site throws(FunctionError) in
            let format = try site.prepared(1) { MomentFormat($0) }
            return Function.body { try write(format($0), $0).map { .text($0) } ?? .null }
        }
    }

    private static let formats: [Function] = [
        toChar(.timestamp) { $0.text(try $1.moment(0), withZone: false) },
        toChar(.timestampWithTimeZone) { $0.text(try $1.moment(0), withZone: true) },
        toChar(.interval) { try $0.text($1.interval(0)) },
        Function("to_date", [.type(.text), .type(.text)], .type(.date)) { site throws(FunctionError) in
            let format = try site.prepared(1) { MomentFormat($0) }
            return Function.body { .day(try format($0).day(in: $0.text(0))) }
        },
        Function("to_timestamp", [.type(.text), .type(.text)], .type(.timestampWithTimeZone)) {
            site throws(FunctionError) in
            let format = try site.prepared(1) { MomentFormat($0) }
            return Function.body { .moment(try format($0).moment(in: $0.text(0))) }
        },
    ]
}
