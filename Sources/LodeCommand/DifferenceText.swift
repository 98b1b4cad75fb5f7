import Lode

/// Differences of events, for a person.
struct DifferenceText {
    let paint: Paint
    /// A longer value is cut; its whole text is in the files.
    private static let longest = 200

    func lines(of comparison: EventComparison) -> [String] {
        var lines = comparison.differences.flatMap(self.lines)
        let total = comparison.total
        let left = total.differences - comparison.differences.count
        if left > 0 { lines.append(paint.dim("  … and \(left) more")) }
        if let moved = comparison.moved {
            lines.append(paint.yellow("  ↕ \(title(moved))") + " comes at another place than before")
        }
        return lines
    }

    private func lines(of difference: EventComparison.Difference) -> [String] {
        switch difference {
        case .dropped(let event):
            return [paint.red("  - \(title(event))") + id(event)] + data(event)
        case .added(let event):
            return [paint.green("  + \(title(event))") + id(event)] + data(event)
        case .changed(_, let event, let members):
            return [paint.yellow("  ~ \(title(event))") + id(event)] + members.flatMap(self.lines)
        }
    }

    private func lines(of member: MemberDifference) -> [String] {
        let path = Self.shown(member.path)
        let old = member.old.map { Self.shown($0) }
        let new = member.new.map { Self.shown($0) }
        if let old, let new, path.count + old.count + new.count < 90 {
            return ["      \(path): \(paint.red(old)) → \(paint.green(new))"]
        }
        var lines = ["      \(path):"]
        if let old { lines.append(paint.red("        - \(old)")) }
        if let new { lines.append(paint.green("        + \(new)")) }
        return lines
    }

    private func title(_ event: EventLine) -> String {
        Self.shown(event.type) + (event.key.map { "  \(Self.shown($0))" } ?? "")
    }

    private func id(_ event: EventLine) -> String { paint.dim("  \(Self.shown(event.id))") }

    private func data(_ event: EventLine) -> [String] {
        event.data.map { ["      \(Self.shown($0))"] } ?? []
    }

    private static func shown(_ json: [UInt8]) -> String { shown(String(decoding: json, as: UTF8.self)) }

    /// Nothing that a table's text could tell the terminal, and no more than a few lines.
    private static func shown(_ text: String) -> String {
        var shown = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            if count == longest { return shown + "…" }
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            shown.unicodeScalars.append(isControl ? "?" : scalar)
        }
        return shown
    }
}

extension EventComparison {
    /// `1 missing, 2 extra, 3 changed`
    func summary(dropped: String, added: String) -> String {
        let total = total
        var parts: [String] = []
        if total.dropped > 0 { parts.append("\(total.dropped) \(dropped)") }
        if total.added > 0 { parts.append("\(total.added) \(added)") }
        if total.changed > 0 { parts.append("\(total.changed) changed") }
        if parts.isEmpty { parts.append(moved == nil ? "no difference" : "another order") }
        return parts.joined(separator: ", ")
    }
}
