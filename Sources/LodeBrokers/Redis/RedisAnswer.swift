/// One answer of a Redis server, as its protocol (RESP2) has it.
///
/// Arrays are left out: no command that Lode sends is answered by one.
enum RedisAnswer: Equatable, Sendable {
    /// `+OK`
    case status([UInt8])
    /// `-ERR unknown command`: a word in capitals, then text.
    case error([UInt8])
    /// `:42`
    case integer(Int64)
    /// `$2`, a line break, and so many bytes
    case bulk([UInt8])
    /// `$-1`
    case null
}

/// Bytes of a server that are no answer to what was asked.
struct RedisProtocolError: Error, Equatable {
    var reason: String
}

/// Reads answers out of bytes that come in pieces of any size.
///
/// Bounded: an answer has at most ``mostBytes``, so that no more than that and one piece is kept.
struct RedisAnswerReader: Sendable {
    /// An entry's ID has forty bytes at most, an error a few hundred.
    static let mostBytes = 16 * 1024

    private var bytes: [UInt8] = []
    /// What is before it was read.
    private var at = 0

    mutating func feed(_ piece: some Collection<UInt8>) {
        if at == bytes.count {
            bytes.removeAll(keepingCapacity: true)
        } else {
            bytes.removeSubrange(..<at)
        }
        at = 0
        bytes.append(contentsOf: piece)
    }

    /// The next whole answer; nil: more bytes are needed.
    ///
    /// - Throws: When no further byte could make it an answer. The reader must not be used any more.
    mutating func next() throws(RedisProtocolError) -> RedisAnswer? {
        guard let line = try line(from: at) else { return nil }
        let text = bytes[(at + 1)..<line.end]
        switch bytes[at] {
        case UInt8(ascii: "+"):
            at = line.next
            return .status(Array(text))
        case UInt8(ascii: "-"):
            at = line.next
            return .error(Array(text))
        case UInt8(ascii: ":"):
            guard let number = Self.number(text) else { throw RedisProtocolError(reason: "a number that is none") }
            at = line.next
            return .integer(number)
        case UInt8(ascii: "$"):
            guard let length = Self.number(text), length >= -1 else {
                throw RedisProtocolError(reason: "a length that is none")
            }
            if length == -1 {
                at = line.next
                return .null
            }
            guard length <= Self.mostBytes else { throw Self.tooLong }
            let end = line.next + Int(length)
            guard bytes.count >= end + 2 else { return nil }
            guard bytes[end] == 0x0D, bytes[end + 1] == 0x0A else {
                throw RedisProtocolError(reason: "a text that is longer than it says")
            }
            defer { at = end + 2 }
            return .bulk(Array(bytes[line.next..<end]))
        default:
            throw RedisProtocolError(reason: "bytes that are not Redis's protocol")
        }
    }

    /// The line that begins at `start`: where its CR LF stands, and what comes behind that.
    private func line(from start: Int) throws(RedisProtocolError) -> (end: Int, next: Int)? {
        guard start < bytes.count else { return nil }
        guard Self.marks.contains(bytes[start]) else {
            throw RedisProtocolError(reason: "bytes that are not Redis's protocol")
        }
        guard let end = bytes[start...].firstIndex(of: 0x0A) else {
            guard bytes.count - start <= Self.mostBytes else { throw Self.tooLong }
            return nil
        }
        guard end - start <= Self.mostBytes else { throw Self.tooLong }
        guard end > start + 1, bytes[end - 1] == 0x0D else {
            throw RedisProtocolError(reason: "a line that does not end in CR LF")
        }
        return (end - 1, end + 1)
    }

    private static let marks = Array("+-:$".utf8)
    private static let tooLong = RedisProtocolError(reason: "an answer of more than \(mostBytes) bytes")

    private static func number(_ text: ArraySlice<UInt8>) -> Int64? {
        // `Int64` takes a plus sign, and so does RESP.
        Int64(String(decoding: text, as: UTF8.self))
    }
}
