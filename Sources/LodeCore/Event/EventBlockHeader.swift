/// A block's header in bytes: version u8, number of types u16, each its name (a u16 length and UTF-8) and a type
/// of its own likewise (length `UInt16.max`: none),
/// number of transactions u32, each a kind u8 (0 an LSN, 1 a count), position u64, time i64 in
/// microseconds (`Int64.min`: none), count u32 and context (a u16 length and the bytes).
extension EventBlock {
    public func encodedHeader() -> [UInt8] {
        var out: [UInt8] = [2]
        out.appendLittleEndian(UInt16(clamping: types.count))
        for type in types {
            let name = Array(type.name.utf8)
            out.appendLittleEndian(UInt16(clamping: name.count))
            out.append(contentsOf: name)
            let own = type.own.map { Array($0.utf8) }
            out.appendLittleEndian(own.map { UInt16(clamping: $0.count) } ?? .max)
            out.append(contentsOf: own ?? [])
        }
        out.appendLittleEndian(UInt32(clamping: transactions.count))
        for transaction in transactions {
            switch transaction.position {
            case .lsn(let lsn):
                out.append(0)
                out.appendLittleEndian(lsn.rawValue)
            case .counted(let number):
                out.append(1)
                out.appendLittleEndian(number)
            }
            out.appendLittleEndian(transaction.time?.microseconds ?? Int64.min)
            out.appendLittleEndian(UInt32(clamping: transaction.count))
            out.appendLittleEndian(UInt16(clamping: transaction.context.count))
            out.append(contentsOf: transaction.context)
        }
        return out
    }

    /// - Throws: ``BlockError`` when the bytes are not a header's.
    public init(header: [UInt8], body: [UInt8]) throws(BlockError) {
        let bytes = header.span
        guard bytes.count > 0, bytes[0] == 2, let typeCount = bytes.u16(at: 1) else { throw .cutShort }
        self.init(body: body)
        var at = 3
        for _ in 0..<typeCount {
            guard let length = bytes.u16(at: at), at + 2 + Int(length) <= bytes.count else { throw .cutShort }
            let name = bytes.string(ByteRange(at + 2, at + 2 + Int(length)))
            at += 2 + Int(length)
            guard let ownLength = bytes.u16(at: at) else { throw .cutShort }
            at += 2
            guard ownLength != .max else {
                types.append(EventType(name: name))
                continue
            }
            guard at + Int(ownLength) <= bytes.count else { throw .cutShort }
            types.append(EventType(name: name, own: bytes.string(ByteRange(at, at + Int(ownLength)))))
            at += Int(ownLength)
        }
        guard let count = bytes.u32(at: at) else { throw .cutShort }
        at += 4
        for _ in 0..<count {
            guard at < bytes.count, let position = bytes.u64(at: at + 1), let time = bytes.u64(at: at + 9),
                let events = bytes.u32(at: at + 17), let contextLength = bytes.u16(at: at + 21),
                at + 23 + Int(contextLength) <= bytes.count
            else { throw .cutShort }
            let microseconds = Int64(bitPattern: time)
            transactions.append(
                TransactionHeader(
                    position: bytes[at] == 0 ? .lsn(LSN(position)) : .counted(position),
                    time: microseconds == Int64.min ? nil : Timestamp(microseconds: microseconds),
                    count: Int(events), context: bytes.bytes(ByteRange(at + 23, at + 23 + Int(contextLength)))))
            at += 23 + Int(contextLength)
        }
    }
}
