/// What PostgreSQL refuses about dates and times: its SQLSTATE and its words.
struct MomentError: Error, Hashable, Sendable {
    /// The class of the fault, by its SQLSTATE (`src/backend/utils/errcodes.txt`).
    enum Code: String, Sendable {
        case notSupported = "0A000"
        case invalidFormat = "22007"
        case fieldOverflow = "22008"
        case zoneDisplacement = "22009"
        case divisionByZero = "22012"
        case intervalOverflow = "22015"
        case invalidParameter = "22023"
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    static let dateRange = MomentError(.fieldOverflow, "date out of range")
    static let timestampRange = MomentError(.fieldOverflow, "timestamp out of range")
    static let intervalRange = MomentError(.fieldOverflow, "interval out of range")

    static func invalid(_ text: [UInt8], _ type: String) -> MomentError {
        MomentError(.invalidFormat, "invalid input syntax for type \(type): “\(quote(text))”")
    }

    static func fieldRange(_ text: [UInt8]) -> MomentError {
        MomentError(.fieldOverflow, "date/time field value out of range: “\(quote(text))”")
    }

    /// A replay must give the same bytes as the first run, so nothing may ask what time it is.
    static func clock(_ text: [UInt8]) -> MomentError {
        MomentError(
            .invalidFormat,
            "“\(quote(text))” depends on the clock, and a replay must give the same bytes; write a fixed moment, "
                + "or use the time of the commit")
    }

    static func quote(_ text: [UInt8]) -> String {
        String(decoding: text.prefix(60), as: UTF8.self) + (text.count > 60 ? "…" : "")
    }
}
