import Lode

/// Golden tests' outcomes, for a person and for CI.
struct GoldenOutput {
    let paint: Paint

    func text(of outcome: GoldenOutcome) -> String {
        let path = outcome.recording.path
        var lines: [String]
        switch outcome.verdict {
        case .passed:
            lines = ["\(paint.green("ok"))       \(path)  \(Self.events(outcome.events))"]
        case .differs(let comparison):
            lines = ["\(paint.red("FAILED"))   \(path)  \(Self.summary(comparison))"]
            lines += DifferenceText(paint: paint).lines(of: comparison)
        case .unexpected, .broken:
            lines = ["\(paint.red("FAILED"))   \(path)", "  " + Self.reason(outcome)]
        case .written(nil):
            lines = ["\(paint.yellow("new"))      \(outcome.recording.expectedPath)  \(Self.events(outcome.events))"]
        case .written(let comparison?):
            lines = ["\(paint.yellow("updated"))  \(outcome.recording.expectedPath)  \(Self.summary(comparison))"]
            lines += DifferenceText(paint: paint).lines(of: comparison)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    func summary(of outcomes: [GoldenOutcome]) -> String {
        let failed = outcomes.count { !$0.isGood }
        let written = outcomes.count { if case .written = $0.verdict { true } else { false } }
        let recordings = outcomes.count == 1 ? "1 recording" : "\(outcomes.count) recordings"
        var parts = ["\(outcomes.count - failed - written) as expected"]
        if written > 0 { parts.append("\(written) written") }
        if failed > 0 { parts.append("\(failed) failed") }
        let text = "\(recordings): \(parts.joined(separator: ", "))"
        let legend =
            failed > 0 && outcomes.contains { if case .differs = $0.verdict { true } else { false } }
            ? paint.dim("- expected, but missing   + not expected   ~ changed: expected → now") + "\n" : ""
        return legend + (failed > 0 ? paint.red(text) : paint.green(text)) + "\n"
    }

    func junit(_ outcome: GoldenOutcome) -> JUnitReport.Case {
        let result: JUnitReport.Case.Result
        switch outcome.verdict {
        case .passed, .written:
            result = .passed
        case .differs(let comparison):
            let detail = DifferenceText(paint: .none).lines(of: comparison).joined(separator: "\n")
            result = .failed(summary: Self.summary(comparison), detail: detail)
        case .unexpected:
            result = .failed(summary: "no expected events", detail: Self.reason(outcome))
        case .broken(let reason):
            let first = reason.prefix { $0 != "\n" }
            result = .error(summary: String(first), detail: reason)
        }
        return JUnitReport.Case(file: outcome.recording.path, result: result, duration: outcome.duration)
    }

    private static func reason(_ outcome: GoldenOutcome) -> String {
        if case .broken(let reason) = outcome.verdict { return reason.replacing("\n", with: "\n  ") }
        return "there is no \(outcome.recording.expectedPath), and the recording gives \(events(outcome.events)); "
            + "run lode test --update, and look at what it wrote"
    }

    private static func summary(_ comparison: EventComparison) -> String {
        comparison.summary(dropped: "missing", added: "extra")
    }

    private static func events(_ count: Int) -> String { count == 1 ? "1 event" : "\(count) events" }
}
