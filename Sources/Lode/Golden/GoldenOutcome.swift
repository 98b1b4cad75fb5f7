/// What became of one golden test.
public struct GoldenOutcome: Sendable {
    public enum Verdict: Sendable {
        case passed
        case differs(EventComparison)
        /// There is no file of expected events.
        case unexpected
        /// The expected events were written; a file that was there before is compared with them.
        case written(EventComparison?)
        /// The recording gave no events: what is wrong, and what to do.
        case broken(String)
    }

    public var recording: GoldenRecording
    public var verdict: Verdict
    /// How many events the recording gave.
    public var events: Int
    public var duration: Duration

    public init(_ recording: GoldenRecording, _ verdict: Verdict, events: Int = 0, duration: Duration = .zero) {
        self.recording = recording
        self.verdict = verdict
        self.events = events
        self.duration = duration
    }

    public var isGood: Bool {
        switch verdict {
        case .passed, .written: true
        case .differs, .unexpected, .broken: false
        }
    }
}
