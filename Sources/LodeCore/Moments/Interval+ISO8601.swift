extension Interval {
    /// As `interval_out` prints it with IntervalStyle iso_8601 (`EncodeInterval` of datetime.c), which is how the
    /// log has it: `P1Y2M3DT4H5M6.7S`, each part with its own sign, `PT0S` for none.
    var iso8601: [UInt8] {
        guard months != 0 || days != 0 || microseconds != 0 else { return Array("PT0S".utf8) }
        var out = Array("P".utf8)
        func append(_ value: Int64, _ unit: StaticString) {
            guard value != 0 else { return }
            JSONText.append(value, to: &out)
            JSONText.append(unit, to: &out)
        }
        append(Int64(months / 12), "Y")
        append(Int64(months % 12), "M")
        append(Int64(days), "D")
        guard microseconds != 0 else { return out }
        JSONText.append("T", to: &out)
        append(microseconds / 3_600_000_000, "H")
        append(microseconds / 60_000_000 % 60, "M")
        let seconds = microseconds % 60_000_000
        guard seconds != 0 else { return out }
        if seconds < 0 { JSONText.append("-", to: &out) }
        let (whole, fraction) = seconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        JSONText.append(whole, to: &out)
        if fraction > 0 {
            JSONText.append(".", to: &out)
            JSONText.append(fraction, width: 6, to: &out)
            while out.last == 48 { out.removeLast() }
        }
        JSONText.append("S", to: &out)
        return out
    }
}
