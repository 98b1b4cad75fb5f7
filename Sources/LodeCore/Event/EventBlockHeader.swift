/// A block's header in bytes: version u8, number of types u16, each a u16 length and its UTF-8,
/// number of transactions u32, each a kind u8 (0 an LSN, 1 a count), position u64, time i64 in
/// microseconds (`Int64.min`: none) and count u32.
extension EventBlock {
    public func encodedHeader() -> [UInt8] {
        var out: [UInt8] = [1]
        out.appendLittleEndian(UInt16(clamping: types.count))
        for type in types {
            let name = Array(type.utf8)
            out.appendLittleEndian(UInt16(clamping: name.count))
            out.append(contentsOf: name)
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
        }
        return out
    }

    /// - Throws: ``BlockError`` when the bytes are not a header's.
    public init(header: [UInt8], body: [UInt8]) throws(BlockError) {
        let bytes = header.span
        guard bytes.count > 0, bytes[0] == 1, let typeCount = bytes.u16(at: 1) else { throw .cutShort }
        self.init(body: body)
        var at = 3
        for _ in 0..<typeCount {
            guard let length = bytes.u16(at: at), at + 2 + Int(length) <= bytes.count else { throw .cutShort }
            types.append(bytes.string(ByteRange(at + 2, at + 2 + Int(length))))
            at += 2 + Int(length)
        }
        guard let count = bytes.u32(at: at) else { throw .cutShort }
        at += 4
        for _ in 0..<count {
            guard at < bytes.count, let position = bytes.u64(at: at + 1), let time = bytes.u64(at: at + 9),
                let events = bytes.u32(at: at + 17)
            else { throw .cutShort }
            let microseconds = Int64(bitPattern: time)
            transactions.append(
                TransactionHeader(
                    position: bytes[at] == 0 ? .lsn(LSN(position)) : .counted(position),
                    time: microseconds == Int64.min ? nil : Timestamp(microseconds: microseconds),
                    count: Int(events)))
            at += 21
        }
    }
}
