import LodeCore
import LodeDelivery

/// What the daemon says of itself: not that it runs, but that things move.
///
/// A value made of facts at a moment; the rules are here and nowhere else.
public struct Health: Sendable {
    public struct Verdict: Sendable {
        public var isGood: Bool
        /// Of each source and the rest: what is wrong, or how it does.
        public var reasons: [(subject: String, text: String, isGood: Bool)]
    }

    /// The threads go round at least five times a second, or a write is under way: a disk that takes
    /// longer than this is stuck.
    static let turnLimit = Duration.seconds(60)
    /// Bytes and confirmations must have moved within so many heartbeats, and at least half a minute.
    static let heartbeats = 3

    var sources: [(name: String, status: SourceStatus)]
    var subscribers: [SubscriberStatus]
    var now: ContinuousClock.Instant

    /// Whether the process is worth keeping: its loops go round.
    public var live: Verdict {
        verdict { name, status in
            if status.phase == .ended { return nil }
            let age = now - status.lastTurn
            return age > Self.turnLimit ? "has not moved for \(Self.text(age))" : nil
        }
    }

    /// Whether every source's stream was open once.
    public var started: Verdict {
        verdict { _, status in status.hasStreamed ? nil : Self.text(status.phase) }
    }

    /// Whether bytes, heartbeats and confirmations really moved of late.
    public var ready: Verdict {
        verdict { _, status in
            guard status.phase == .streaming else { return Self.text(status.phase) }
            guard let interval = status.heartbeat else {
                // Without heartbeats the server's keepalives are the sign of life: every 30 s by default.
                return stale("bytes", status.lastByte, limit: .seconds(75))
            }
            let limit = max(interval * Self.heartbeats, .seconds(30))
            return stale("bytes", status.lastByte, limit: limit)
                ?? stale("heartbeats", status.lastHeartbeat, limit: limit)
                ?? stale("confirmations", status.lastConfirmation, limit: limit)
        }
    }

    private func stale(_ what: String, _ last: ContinuousClock.Instant?, limit: Duration) -> String? {
        guard let last else { return "no \(what) yet" }
        let age = now - last
        return age > limit ? "no \(what) for \(Self.text(age))" : nil
    }

    private func verdict(_ complaint: (String, SourceStatus) -> String?) -> Verdict {
        let reasons = sources.map { source in
            let found = complaint(source.name, source.status)
            return (subject: source.name, text: found ?? "ok", isGood: found == nil)
        }
        return Verdict(isGood: reasons.allSatisfy(\.isGood), reasons: reasons)
    }

    static func text(_ phase: SourceStatus.Phase) -> String {
        switch phase {
        case .connecting: "connecting"
        case .streaming: "streaming"
        case .waiting(let why): "waiting: \(why)"
        case .stopped(let why): "stopped: \(why)"
        case .ended: "ended"
        }
    }

    private static func text(_ age: Duration) -> String { "\(age.components.seconds) s" }
}

extension Health.Verdict {
    /// `{"status":"ok","sources":{"shop":"ok"}}`
    public var json: [UInt8] {
        var out: [UInt8] = []
        JSONText.append("{\"status\":", to: &out)
        JSONText.appendQuoted(isGood ? "ok" : "unavailable", to: &out)
        JSONText.append(",\"sources\":{", to: &out)
        for (index, reason) in reasons.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            JSONText.appendQuoted(reason.subject, to: &out)
            out.append(UInt8(ascii: ":"))
            JSONText.appendQuoted(reason.text, to: &out)
        }
        JSONText.append("}}", to: &out)
        return out
    }
}
