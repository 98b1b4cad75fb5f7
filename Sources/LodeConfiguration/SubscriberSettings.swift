public import LodeCore

/// One who hears of events, under `subscribers`.
public struct SubscriberSettings: Hashable, Sendable {
    /// What it is called here, in commands and in metrics.
    public var name: String
    /// The types it takes (`on`): any of these; default all.
    public var on: [TypePattern]
    /// Of those, the events it takes (`where`): an expression over the event; nil: all of them.
    public var condition: SourceText?
    /// Where a subscriber that has no cursor yet begins; default `earliest`.
    public var start: StartPoint
    public var batch: BatchSettings
    public var retry: RetrySettings
    /// What happens to an event when the last attempt failed; default `park`.
    public var then: AfterLastAttempt
    public var kind: Kind
    /// Where the subscriber's name stands in the file.
    public var place: Place?

    public init(
        name: String, on: [TypePattern] = [.all], condition: SourceText? = nil, start: StartPoint = .earliest,
        batch: BatchSettings = BatchSettings(), retry: RetrySettings = RetrySettings(), then: AfterLastAttempt = .park,
        kind: Kind, place: Place? = nil
    ) {
        self.name = name
        self.on = on
        self.condition = condition
        self.start = start
        self.batch = batch
        self.retry = retry
        self.then = then
        self.kind = kind
        self.place = place
    }

    /// Whether events of this type, prefix and all, are for this subscriber, whatever ``condition`` says.
    public func takes(type: String) -> Bool { on.contains { $0.matches(type) } }

    /// How events reach it.
    public enum Kind: Hashable, Sendable {
        /// Standard output: readable for a person, JSON lines for a program.
        case stdout
        /// JSON lines appended to a file. A relative path in lode.yaml is relative to lode.yaml's
        /// folder; here it is already joined to it.
        case file(path: String)
        case webhook(WebhookSettings)
        case postgres(PostgresSubscriberSettings)
        case kafka(KafkaSettings)
        case nats(NATSSettings)
        case rabbitmq(RabbitMQSettings)
        case redis(RedisSettings)
        case exec(ExecSettings)
        /// A closure that the embedding Swift program registered under the subscriber's name.
        case swift
    }

    public enum AfterLastAttempt: String, Hashable, Sendable, CaseIterable {
        /// Sets the event aside, with the later ones of its key, and goes on with other keys.
        case park
        /// Goes on without it.
        case skip
        /// The subscriber stands still until a person acts.
        case stop
    }
}

/// Where in the journal a new subscriber begins.
public enum StartPoint: Hashable, Sendable {
    /// The oldest event that is kept.
    case earliest
    /// The next event.
    case latest
    /// The first event whose transaction committed at this time or later.
    case time(Timestamp)
    /// The event of this position, or the next that is kept.
    case position(Int64)
}

/// How often and how soon a failed delivery is tried again: `first`, then twice as long each time.
public struct RetrySettings: Hashable, Sendable {
    /// Deliveries of one event in all, the first included; from 1, default 12.
    public var attempts: Int
    /// The pause after the first failure; default 200 ms.
    public var first: Duration
    /// No pause is longer; default 5 minutes.
    public var most: Duration
    /// So long after its first failure an event's attempts are over, too; nil: their number alone counts.
    public var age: Duration?

    public init(
        attempts: Int = 12, first: Duration = .milliseconds(200), most: Duration = .seconds(300), age: Duration? = nil
    ) {
        self.attempts = attempts
        self.first = first
        self.most = most
        self.age = age
    }
}

/// How many events go together; what is nil is the kind's own default.
public struct BatchSettings: Hashable, Sendable {
    public var events: Int?
    /// Of the journal's bytes; one event that is larger goes alone.
    public var bytes: Int?
    /// How long a batch that is not full waits for more; nil: not at all.
    public var wait: Duration?

    public init(events: Int? = nil, bytes: Int? = nil, wait: Duration? = nil) {
        self.events = events
        self.bytes = bytes
        self.wait = wait
    }
}
