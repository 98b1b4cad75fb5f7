import Foundation

/// Colours for a person's terminal; none for a program, or when `NO_COLOR` says so (no-color.org).
struct Paint {
    let isOn: Bool

    static let none = Paint(isOn: false)

    static var forOutput: Paint {
        let refusal = ProcessInfo.processInfo.environment["NO_COLOR"] ?? ""
        return Paint(isOn: Terminal.isForPerson && refusal.isEmpty)
    }

    func red(_ text: String) -> String { style("31", text) }
    func green(_ text: String) -> String { style("32", text) }
    func yellow(_ text: String) -> String { style("33", text) }
    func bold(_ text: String) -> String { style("1", text) }
    func dim(_ text: String) -> String { style("2", text) }

    private func style(_ code: String, _ text: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}

/// One line on a person's terminal that says what is being done, and is gone when it is done.
struct ProgressLine {
    private let isShown = isatty(STDERR_FILENO) == 1

    func show(_ text: String) {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }

    func clear() {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}
