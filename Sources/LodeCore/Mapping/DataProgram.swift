/// What makes an event's data, in the form in which it runs: its parts in one row of memory, so that running it
/// follows no pointers and counts no references, and what stands between values ready as bytes.
///
/// SAFETY: the memory is written in `init` and freed in `deinit`, and in between only read; all parts are plain
/// values.
final class DataProgram: @unchecked Sendable {
    enum Step: Sendable {
        case column(ColumnOperand, JSONForm)
        /// Of an array; the kind by its place.
        case array(ColumnOperand, kind: Int32)
        case expression(Int32)
        case wholeRow(RowSide)
        /// The members up to the step `end`, which is not one of them: each a `member` and what its value is.
        case object(end: Int32)
        /// `,"orderId":`
        case member(name: ByteRange)
        /// A list with one member a gathered row; it ends before the step `end`.
        case each(slot: Int32, end: Int32)
    }

    private let steps: UnsafeMutableBufferPointer<Step>
    private let names: UnsafeMutableBufferPointer<UInt8>
    private let expressions: [Expression]
    private let kinds: [ValueKind]

    init(_ plan: DataPlan) {
        var writer = Writer()
        writer.append(plan)
        steps = .allocate(capacity: writer.steps.count)
        _ = steps.initialize(fromContentsOf: writer.steps)
        names = .allocate(capacity: writer.names.count)
        _ = names.initialize(fromContentsOf: writer.names)
        expressions = writer.expressions
        kinds = writer.kinds
    }

    deinit {
        steps.deinitialize()
        steps.deallocate()
        names.deallocate()
    }

    private struct Writer {
        var steps: [Step] = []
        var names: [UInt8] = []
        var expressions: [Expression] = []
        var kinds: [ValueKind] = []

        mutating func append(_ plan: DataPlan) {
            switch plan {
            case .wholeRow(let side): steps.append(.wholeRow(side))
            case .column(let column, let kind):
                if case .array = kind {
                    steps.append(.array(column, kind: Int32(kinds.count)))
                    kinds.append(kind)
                } else {
                    steps.append(.column(column, JSONForm(kind)))
                }
            case .expression(let expression):
                steps.append(.expression(Int32(expressions.count)))
                expressions.append(expression)
            case .object(let members):
                let place = steps.count
                steps.append(.object(end: 0))
                for member in members {
                    let start = names.count
                    names.append(UInt8(ascii: ","))
                    names += member.quotedName
                    steps.append(.member(name: ByteRange(start, names.count)))
                    append(member.plan)
                }
                steps[place] = .object(end: Int32(steps.count))
            case .each(let slot, let element):
                let place = steps.count
                steps.append(.each(slot: Int32(slot), end: 0))
                append(element)
                steps[place] = .each(slot: Int32(slot), end: Int32(steps.count))
            }
        }
    }

    /// What became of a part of the data.
    struct Outcome {
        /// Whether anything was appended.
        var isKnown: Bool
        /// Whether something inside was left out for being unknown.
        var hasUnknown: Bool

        static let known = Outcome(isKnown: true, hasUnknown: false)
        static let unknown = Outcome(isKnown: false, hasUnknown: true)
    }

    /// Appends the JSON. When it is unknown, what was appended does not count.
    func append(_ rows: inout RowSet, to out: inout ByteText) throws(EvaluationError) -> Outcome {
        var at = 0
        return try append(&at, &rows, to: &out)
    }

    /// Runs the step at `at` and leaves `at` behind it and what belongs to it.
    private func append(
        _ at: inout Int, _ rows: inout RowSet, to out: inout ByteText
    ) throws(EvaluationError) -> Outcome {
        let step = steps[at]
        at += 1
        switch step {
        case .column(let column, let form): return Self.append(column, form, rows, to: &out)
        case .array(let column, let kind):
            let cell = rows.frames[column.slot].cell(column)
            guard !cell.isUnknown else { return .unknown }
            rows.frames[column.slot].appendJSON(cell, as: kinds[Int(kind)], to: &out)
            return .known
        case .expression(let place):
            let value = try expressions[Int(place)].value(&rows)
            if value == .unknown { return .unknown }
            value.appendJSON(as: expressions[Int(place)].type ?? .text, to: &out)
            return .known
        case .wholeRow(.new): return EventRendering.appendNewRow(rows, to: &out)
        case .wholeRow(.old): return EventRendering.appendOldRow(rows, to: &out)
        case .object(let end): return try appendObject(&at, Int(end), &rows, to: &out)
        case .each(let slot, let end):
            let outcome = try appendList(Int(slot), at, &rows, to: &out)
            at = Int(end)
            return outcome
        case .member: return .unknown
        }
    }

    @inline(__always)
    private static func append(
        _ column: ColumnOperand, _ form: JSONForm, _ rows: borrowing RowSet, to out: inout ByteText
    ) -> Outcome {
        let cell = rows.frames[column.slot].cell(column)
        guard !cell.isUnknown else { return .unknown }
        rows.frames[column.slot].appendJSON(cell, as: form, to: &out)
        return .known
    }

    private func appendObject(
        _ at: inout Int, _ end: Int, _ rows: inout RowSet, to out: inout ByteText
    ) throws(EvaluationError) -> Outcome {
        out.append(UInt8(ascii: "{"))
        var isFirst = true
        var hasUnknown = false
        while at < end, case .member(let name) = steps[at] {
            at += 1
            let start = out.count
            // The first goes without the comma.
            let from = Int(name.start) + (isFirst ? 1 : 0)
            out.append(UnsafeBufferPointer(rebasing: names[from..<Int(name.end)]))
            let outcome: Outcome
            if case .column(let column, let form) = steps[at] {
                at += 1
                outcome = Self.append(column, form, rows, to: &out)
            } else {
                outcome = try append(&at, &rows, to: &out)
            }
            if outcome.isKnown { isFirst = false } else { out.cut(to: start) }
            if outcome.hasUnknown { hasUnknown = true }
        }
        out.append(UInt8(ascii: "}"))
        return Outcome(isKnown: true, hasUnknown: hasUnknown)
    }

    /// One element a gathered row, in the order of the log; of a row that says nothing, null.
    private func appendList(
        _ slot: Int, _ element: Int, _ rows: inout RowSet, to out: inout ByteText
    ) throws(EvaluationError) -> Outcome {
        let list = rows.lists[slot - 1]
        let before = rows.frames[slot].place
        var hasUnknown = false
        out.append(UInt8(ascii: "["))
        var isFirst = true
        for place in list {
            if isFirst { isFirst = false } else { out.append(UInt8(ascii: ",")) }
            do throws(RowError) { try rows.load(place, into: slot) } catch {
                throw EvaluationError("a row of the transaction cannot be had again", row: error)
            }
            let start = out.count
            var at = element
            let outcome = try append(&at, &rows, to: &out)
            if !outcome.isKnown {
                out.cut(to: start)
                JSONText.append("null", to: &out)
            }
            if outcome.hasUnknown { hasUnknown = true }
        }
        out.append(UInt8(ascii: "]"))
        if let before {
            do throws(RowError) { try rows.load(before, into: slot) } catch {
                throw EvaluationError("a row of the transaction cannot be had again", row: error)
            }
        }
        return Outcome(isKnown: true, hasUnknown: hasUnknown)
    }
}
