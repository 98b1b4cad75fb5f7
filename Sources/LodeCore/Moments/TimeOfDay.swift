/// Times of day as numbers: microseconds from midnight, 24:00 included.
enum TimeOfDay {
    /// `time_out`: `12:34:56.789`.
    static func text(_ time: Int64) -> [UInt8] {
        var out: [UInt8] = []
        append(time, to: &out)
        return out
    }

    /// The fraction only when there is one, without zeros at its end (`AppendSeconds`).
    static func append(_ time: Int64, to out: inout [UInt8]) {
        JSONText.append(time / 3_600_000_000, width: 2, to: &out)
        out.append(UInt8(ascii: ":"))
        JSONText.append(time / 60_000_000 % 60, width: 2, to: &out)
        out.append(UInt8(ascii: ":"))
        JSONText.append(time / 1_000_000 % 60, width: 2, to: &out)
        let fraction = time % 1_000_000
        guard fraction > 0 else { return }
        out.append(UInt8(ascii: "."))
        JSONText.append(fraction, width: 6, to: &out)
        while out.last == 48 { out.removeLast() }
    }

    /// `time_in`.
    static func parse(_ text: [UInt8]) throws(MomentError) -> Int64 {
        if let time = try? MomentText.timeOfDay(text.span, 0..<text.count) { return time }
        return try MomentReader.readTimeOfDay(text)
    }

    /// `make_time`, a second of 60 included (`float_time_overflows`).
    static func make(hour: Int64, minute: Int64, second: Double) throws(MomentError) -> Int64 {
        let fault = MomentError(.fieldOverflow, "time field value out of range: \(hour):\(minute):\(second)")
        guard (0...24).contains(hour), (0..<60).contains(minute), second >= 0, second <= 60 else { throw fault }
        guard let fraction = Int64(exactly: (second * 1_000_000).rounded(.toNearestOrEven)) else { throw fault }
        let time = (hour * 60 + minute) * 60_000_000 + fraction
        guard time <= Moment.microsecondsPerDay else { throw fault }
        return time
    }
}
