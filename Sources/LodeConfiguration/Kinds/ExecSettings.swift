/// A subscriber that is a program of any language.
public struct ExecSettings: Hashable, Sendable {
    /// The program and its arguments; never empty. A program with a slash that is not absolute is
    /// relative to lode.yaml's folder; here it is already joined to it. Others are looked up on PATH.
    public var command: [String]
    /// How long the answer to an event may take.
    public var timeout: Duration

    public init(command: [String], timeout: Duration = .seconds(30)) {
        self.command = command
        self.timeout = timeout
    }
}
