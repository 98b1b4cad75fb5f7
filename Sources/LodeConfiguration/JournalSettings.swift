/// The durable log of events, under `journal`.
public struct JournalSettings: Hashable, Sendable {
    /// The journal's file; default `lode.journal`. A relative path in lode.yaml is relative to
    /// lode.yaml's folder, whatever the daemon's working directory; here it is already joined to it.
    public var path: String
    /// What is kept; default 7 days.
    public var retention: Retention

    public static let defaultPath = "lode.journal"

    public init(path: String = Self.defaultPath, retention: Retention = Retention()) {
        self.path = path
        self.retention = retention
    }

    /// How long events stay: until one of the two limits is passed.
    ///
    /// Never past the cursor of a subscriber that is not paused.
    public struct Retention: Hashable, Sendable {
        /// An event older than this may go; nil: age is no reason.
        public var age: Duration?
        /// The oldest events may go when the journal is larger than this; nil: size is no reason.
        public var sizeBytes: Int64?

        public static let defaultAge: Duration = .seconds(7 * 86_400)

        public init(age: Duration? = Self.defaultAge, sizeBytes: Int64? = nil) {
            self.age = age
            self.sizeBytes = sizeBytes
        }
    }
}
