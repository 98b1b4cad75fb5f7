import LodeCore

/// How a source does, for health, status and metrics.
public struct SourceStatus: Sendable {
    public enum Phase: Hashable, Sendable {
        /// Next: `streaming`, `waiting`, `stopped`.
        case connecting
        /// Next: `waiting`, `stopped`, `ended`.
        case streaming
        /// Something failed that may pass; it is tried again. Next: `connecting`.
        case waiting(String)
        /// Something failed that a person must mend. Next: none, until a restart or a reload.
        case stopped(String)
        /// Told to end. Next: none.
        case ended
    }

    public internal(set) var phase: Phase = .connecting
    /// Whether the stream was ever open since the start.
    public internal(set) var hasStreamed = false
    /// Events of commits up to here are in the journal.
    public internal(set) var position: LSN?
    /// What the server was told.
    public internal(set) var confirmed: LSN?
    public internal(set) var lastByte: ContinuousClock.Instant?
    public internal(set) var lastHeartbeat: ContinuousClock.Instant?
    public internal(set) var lastConfirmation: ContinuousClock.Instant?
    /// When the thread that reads last went round its loop.
    public internal(set) var lastTurn = ContinuousClock.now
    /// Whether heartbeats are sent: not to a standby, and not when they are switched off.
    public internal(set) var heartbeat: Duration?
    public internal(set) var counts = SourceCounts()
}
