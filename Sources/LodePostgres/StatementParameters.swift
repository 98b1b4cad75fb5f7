/// The values of a statement's `$1`, `$2`, ... as text, in the bytes that libpq reads.
public struct StatementParameters: Sendable {
    /// Each value with the NUL that ends it.
    private var bytes: [UInt8] = []
    /// Where each value starts; -1: null.
    private var starts: [Int] = []

    public init() {}

    public init(_ values: [String?]) {
        for value in values {
            if let value { append(value.utf8) } else { appendNull() }
        }
    }

    public var count: Int { starts.count }
    /// Bytes of all values.
    public var size: Int { bytes.count }

    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
    }

    public mutating func appendNull() { starts.append(-1) }

    /// - Precondition: None, but what comes after a NUL in `value` is not sent: PostgreSQL's texts have none.
    public mutating func append(_ value: some Sequence<UInt8>) {
        starts.append(bytes.count)
        bytes.append(contentsOf: value)
        bytes.append(0)
    }

    /// Calls `body` with what libpq takes as `paramValues`.
    func withPointers<Result>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            // SAFETY: every start is inside `bytes`, whose values each end in NUL; the pointers live as
            // long as this call, and libpq copies what they point to before it returns.
            let pointers = starts.map { start -> UnsafePointer<CChar>? in
                guard start >= 0, let base = bytes.baseAddress else { return nil }
                return UnsafeRawPointer(base + start).assumingMemoryBound(to: CChar.self)
            }
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}
