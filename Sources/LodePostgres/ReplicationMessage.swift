import LodeCore

/// The messages inside CopyData of the streaming replication protocol (PostgreSQL, "Streaming
/// Replication Protocol"). All numbers are big-endian.
enum ReplicationMessage: Equatable {
    /// `w`: a record of the log, from byte 25 on.
    case walData(start: LSN, end: LSN)
    /// `k`: how far the server has read; whether it wants an answer at once.
    case keepalive(walEnd: LSN, replyRequested: Bool)

    static let walDataHeaderLength = 25

    /// nil: not one of the two.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count > 0 else { return nil }
        switch bytes[0] {
        case UInt8(ascii: "w"):
            guard let start = bytes.bigEndian64(at: 1), let end = bytes.bigEndian64(at: 9),
                bytes.count >= Self.walDataHeaderLength
            else { return nil }
            self = .walData(start: LSN(start), end: LSN(end))
        case UInt8(ascii: "k"):
            guard let end = bytes.bigEndian64(at: 1), bytes.count >= 18 else { return nil }
            self = .keepalive(walEnd: LSN(end), replyRequested: bytes[17] == 1)
        default:
            return nil
        }
    }
}

/// `r`: how far the client is.
struct StandbyStatus: Equatable {
    /// Everything before it is durable here: write, flush and apply in one.
    var position: LSN
    /// Asks the server to answer with a keepalive.
    var requestsReply: Bool

    /// - Parameter time: Microseconds since 2000-01-01, PostgreSQL's epoch.
    func encoded(time: Int64) -> [UInt8] {
        var out: [UInt8] = [UInt8(ascii: "r")]
        for number in [position.rawValue, position.rawValue, position.rawValue, UInt64(bitPattern: time)] {
            for shift in stride(from: 56, through: 0, by: -8) {
                out.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
            }
        }
        out.append(requestsReply ? 1 : 0)
        return out
    }
}

extension Span<UInt8> {
    func bigEndian64(at offset: Int) -> UInt64? {
        guard offset >= 0, count - offset >= 8 else { return nil }
        var value: UInt64 = 0
        for index in offset..<(offset + 8) { value = value << 8 | UInt64(self[index]) }
        return value
    }
}
