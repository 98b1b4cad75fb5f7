extension TextFunctions {
    /// `overlay(text placing other from start for count)`: `other` in the place of `count` characters, as many as
    /// it has itself when that is not said (`text_overlay`).
    static func overlay(
        _ text: [UInt8], with other: [UInt8], from start: Int, count: Int? = nil
    ) throws(EvaluationError) -> [UInt8] {
        guard start > 0 else { throw EvaluationError("overlay: its start is not positive; count from 1") }
        let (end, isBeyond) = start.addingReportingOverflow(count ?? length(other))
        guard !isBeyond else { throw EvaluationError("overlay: its length is out of range; make it shorter") }
        return try concat([left(text, start - 1), other, substring(text, from: end)])
    }
}
