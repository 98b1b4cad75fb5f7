extension EventBlock {
    /// How many events of each type the body has: from length to length, nothing else is looked at.
    ///
    /// Bytes that are no block's give what was counted before them.
    public func countsByType() -> [EventType: UInt64] {
        // The usual block: no event need be looked at.
        if types.count == 1, !transactions.isEmpty { return [types[0]: UInt64(count)] }
        var counts = [UInt64](repeating: 0, count: types.count)
        let bytes = body.span
        var start = 0
        while let length = bytes.u32(at: start), let type = bytes.u16(at: start + 10), Int(type) < counts.count {
            counts[Int(type)] += 1
            start += 4 + Int(length)
        }
        var named: [EventType: UInt64] = [:]
        for (type, count) in zip(types, counts) where count > 0 { named[type, default: 0] += count }
        return named
    }
}
