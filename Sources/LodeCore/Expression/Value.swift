/// What an expression comes to: a value, null, or unknown, which is what the log did not say.
public enum Value: Hashable, Sendable {
    case unknown
    case null
    case boolean(Bool)
    case integer(Int64)
    /// Every digit, as PostgreSQL prints it.
    case numeric([UInt8])
    /// The shortest digits that read back as the same number, as PostgreSQL prints them.
    case float([UInt8])
    /// The text of a value of any other kind.
    case text([UInt8], ValueKind)

    /// Appends the value's JSON; null for one that is unknown, which the caller should have left out.
    public func appendJSON(to out: inout [UInt8]) {
        switch self {
        case .unknown, .null: JSONText.append("null", to: &out)
        case .boolean(let value): JSONText.append(value ? "true" : "false", to: &out)
        case .integer(let value): JSONText.append(value, to: &out)
        case .numeric(let digits): CellJSON.append(text: digits, as: .numeric, to: &out)
        case .float(let digits): CellJSON.append(text: digits, as: .float, to: &out)
        case .text(let text, let kind): CellJSON.append(text: text, as: kind, to: &out)
        }
    }

    /// Appends the value as PostgreSQL's cast to text prints it. False: it is null or unknown, and
    /// nothing was appended.
    public func appendText(to out: inout [UInt8]) -> Bool {
        switch self {
        case .unknown, .null: return false
        case .boolean(let value): JSONText.append(value ? "true" : "false", to: &out)
        case .integer(let value): JSONText.append(value, to: &out)
        case .numeric(let text), .float(let text), .text(let text, _): out.append(contentsOf: text)
        }
        return true
    }
}
