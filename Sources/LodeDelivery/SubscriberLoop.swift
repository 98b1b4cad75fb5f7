import LodeConfiguration
import LodeCore
import LodeJournal
import Logging
import Synchronization

/// The state of a subscriber's loop while it runs.
struct SubscriberLoop {
    private let subscriber: Subscriber
    private var engine: DeliveryEngine
    private var isReading = false
    /// A wait for the journal's next event, when there was none.
    private var reading: Task<Void, Never>?
    private var deliveries: [Int: Task<DeliveryReport, Never>] = [:]
    private var timer: Task<Void, Never>?
    private var timerNumber = 0
    private var round = 0
    private var isStopping = false
    private var isAbandoned = false
    private var loggedFailure: String?
    private var loggedPause: String?
    private let clock = ContinuousClock()

    init(_ subscriber: Subscriber) {
        self.subscriber = subscriber
        engine = DeliveryEngine(DeliveryOptions(subscriber.handler.traits), cursor: subscriber.status.cursor)
    }

    mutating func run() async {
        while !(await begin()) {
            if Task.isCancelled { return }
            try? await Task.sleep(for: .seconds(1))
        }
        var inputs = subscriber.inbox.makeAsyncIterator()
        act()
        while let input = await inputs.next() {
            await take(input)
            if isStopping, deliveries.isEmpty || isAbandoned { break }
            act()
        }
        subscriber.outbox.finish()
        // What was asked at the last moment is asked again of the journal.
        while let input = await inputs.next() {
            if case .asked(_, let done) = input { done.resume() }
        }
        reading?.cancel()
        timer?.cancel()
        note()
    }

    // MARK: - Begin

    private mutating func begin() async -> Bool {
        do {
            let name = subscriber.settings.name
            let subscription = try await subscriber.journal.subscription(of: name)
            let settings = subscriber.settings
            engine = DeliveryEngine(
                DeliveryOptions(
                    subscriber.handler.traits, batch: settings.batch, retry: settings.retry, then: settings.then),
                cursor: subscriber.status.cursor, generation: subscription.generation,
                journal: try await subscriber.journal.name(), seed: .random(in: 0 ... .max))
            engine.restore(try await subscriber.journal.shelfSummary(of: name), at: clock.now)
            if let reason = subscription.paused {
                engine.pause(reason)
                loggedPause = reason
            }
            let first = try await subscriber.journal.firstPosition()
            if let gap = Subscriber.gap(after: engine.cursor, first: first, name) { engine.pause(gap) }
            let parked = engine.parkedEvents
            subscriber.state.withLock { $0.parked = parked }
            note()
            return true
        } catch {
            subscriber.logger.error("journal cannot be read: \(error)")
            subscriber.state.withLock { $0.failure = "\(error)" }
            return false
        }
    }

    // MARK: - In

    private mutating func take(_ input: Subscriber.Input) async {
        switch input {
        case .read(let result, let from):
            guard from == round else { return }
            isReading = false
            switch result {
            case .success(let chunk) where chunk.last > engine.readPosition: engine.admit(chunk, at: clock.now)
            case .success: break
            case .failure(let error): failedToRead(error)
            }
        case .loaded(let result, let key, let first, let from):
            guard from == round else { return }
            switch result {
            case .success(let chunk): engine.loaded(chunk, key: key, first: first, at: clock.now)
            case .failure(let error):
                failedToRead(error)
                load(key: key, first: first, after: .seconds(1))
            }
        case .finished(let ticket, let report, let batch, let from):
            guard from == round else { return }
            deliveries[ticket] = nil
            engine.finish(ticket, report, at: clock.now)
            subscriber.observe(report, batch)
        case .asked(let action, let done):
            await perform(action)
            done.resume()
        case .woke(let number):
            if number == timerNumber { timer = nil }
        case .stop:
            stop()
        case .abandon:
            isAbandoned = true
        }
        note()
        await notePause()
    }

    private mutating func failedToRead(_ error: any Error) {
        subscriber.logger.error("journal cannot be read: \(error)")
        subscriber.state.withLock { $0.failure = "\(error)" }
    }

    private mutating func stop() {
        guard !isStopping else { return }
        isStopping = true
        let running = Array(deliveries.values)
        let outbox = subscriber.outbox
        Task {
            try? await Task.sleep(for: Subscriber.grace)
            for delivery in running { delivery.cancel() }
            try? await Task.sleep(for: Subscriber.grace)
            outbox.yield(.abandon)
        }
    }

    // MARK: - Out

    /// Starts all that the engine wants started.
    private mutating func act() {
        guard !isStopping else { return }
        while let (ticket, batch) = engine.start(at: clock.now) { deliver(batch, ticket) }
        for (key, first) in engine.takeLoads() {
            note()
            load(key: key, first: first)
        }
        if engine.wantsMore, !isReading { read() }
        note()
        setTimer()
    }

    private mutating func deliver(_ batch: EventBatch, _ ticket: Int) {
        let (subscriber, round) = (subscriber, round)
        // The engine's cursor is ahead of the file's.
        let batch = batch.with(floor: subscriber.journal.savedCursor(of: subscriber.settings.name) ?? 0)
        deliveries[ticket] = Task {
            let report = await subscriber.handler.deliver(batch)
            subscriber.outbox.yield(.finished(ticket: ticket, report, batch, round: round))
            return report
        }
    }

    private mutating func read() {
        isReading = true
        let (subscriber, round) = (subscriber, round)
        let position = engine.readPosition
        let bytes = max(64 << 10, engine.options.batchBytes)
        reading = Task {
            await subscriber.journal.wait(past: position)
            guard !Task.isCancelled else { return }
            do {
                let chunk = try await subscriber.directory.chunk(after: position, upTo: bytes, for: subscriber.filter)
                subscriber.outbox.yield(.read(.success(chunk), round: round))
            } catch {
                try? await Task.sleep(for: .seconds(1))
                subscriber.outbox.yield(.read(.failure(error), round: round))
            }
        }
    }

    private func load(key: [UInt8]?, first: Position, after pause: Duration = .zero) {
        let (subscriber, round) = (subscriber, round)
        Task {
            if pause > .zero { try? await Task.sleep(for: pause) }
            let result: Result<EventChunk, any Error>
            do {
                // What was noted must be in the file first.
                try await subscriber.journal.flushCursors()
                let blocks = try await subscriber.journal.shelved(
                    of: subscriber.settings.name, key: key, from: first, limit: DeliveryEngine.shelfLoad)
                let all = EventFilter()
                result = .success(try await subscriber.directory.chunk(blocks, after: first - 1, for: all))
            } catch {
                result = .failure(error)
            }
            subscriber.outbox.yield(.loaded(result, key: key, first: first, round: round))
        }
    }

    private mutating func setTimer() {
        timer?.cancel()
        timer = nil
        guard let time = engine.wakeUp(after: clock.now) else { return }
        timerNumber += 1
        let (number, outbox) = (timerNumber, subscriber.outbox)
        timer = Task {
            do { try await Task.sleep(until: time, clock: .continuous) } catch { return }
            outbox.yield(.woke(number))
        }
    }

    // MARK: - What is written down

    /// The cursor and the shelf go to the journal together, and what the loop knows to those who look.
    private mutating func note() {
        let changes = engine.takeChanges()
        subscriber.journal.moveCursor(of: subscriber.settings.name, to: engine.cursor, shelf: changes)
        let oldest = engine.oldest?.firstTime
        let parked = changes.isEmpty ? nil : engine.parkedEvents
        let taken = engine.taken
        let (cursor, counts, paused, failure) = (engine.cursor, engine.counts, engine.pauseReason, engine.failure)
        subscriber.state.withLock { state in
            state.cursor = cursor
            state.taken = taken
            state.counts = counts
            state.paused = paused
            state.failure = failure
            state.oldestUndelivered = oldest
            if let parked { state.parked = parked }
        }
        if engine.failure != loggedFailure {
            loggedFailure = engine.failure
            if let failure = engine.failure { subscriber.logger.warning("delivery failed: \(failure)") }
        }
    }

    /// A pause that the engine decided on is kept over restarts.
    private mutating func notePause() async {
        guard engine.pauseReason != loggedPause else { return }
        do {
            try await subscriber.journal.setPaused(engine.pauseReason, of: subscriber.settings.name)
            loggedPause = engine.pauseReason
            if let reason = engine.pauseReason { subscriber.logger.error("subscriber is paused: \(reason)") }
        } catch {
            subscriber.logger.error("journal: \(error)")
        }
    }

    // MARK: - What people ask

    private mutating func perform(_ action: SubscriberRequest.Action) async {
        let now = clock.now
        switch action {
        case .pause: engine.pause("a person paused it")
        case .resume: await resume()
        case .retry(let key): _ = engine.retryParked(key.map { .key($0) } ?? .all, at: now)
        case .retryEvent(let position): _ = engine.retryParked(.position(position), at: now)
        case .skip(let key): _ = engine.skipParked(key.map { .key($0) } ?? .all, at: now)
        case .skipEvent(let position): _ = engine.skipParked(.position(position), at: now)
        case .rewind(let position): await rewind(to: position)
        }
        note()
        let parked = engine.parkedEvents
        subscriber.state.withLock { $0.parked = parked }
        do { try await subscriber.journal.flushCursors() } catch { subscriber.logger.error("journal: \(error)") }
    }

    private mutating func resume() async {
        engine.resume()
        let first = (try? await subscriber.journal.firstPosition()) ?? 1
        if let gap = Subscriber.gap(after: engine.cursor, first: first, subscriber.settings.name) { engine.pause(gap) }
    }

    /// Deliveries that are under way end first, and what became of them counts: an event from the shelf that was
    /// taken must not stay there, for the rewind leaves what is set aside before its position.
    private mutating func rewind(to position: Position) async {
        for (ticket, delivery) in deliveries { engine.finish(ticket, await delivery.value, at: clock.now) }
        note()
        reading?.cancel()
        isReading = false
        deliveries.removeAll()
        round += 1
        let paused = engine.pauseReason
        do {
            try await subscriber.journal.rewind(subscriber.settings.name, to: position)
            subscriber.state.withLock { $0.cursor = position }
            while !(await begin()) { try await Task.sleep(for: .seconds(1)) }
            if let paused { engine.pause(paused) }
        } catch {
            subscriber.logger.error("journal: \(error)")
        }
    }
}

extension Subscriber {
    /// What is wrong when events that a subscriber has not had are gone.
    static func gap(after cursor: Position, first: Position, _ name: String) -> String? {
        guard cursor < first - 1 else { return nil }
        return "events \(cursor + 1) to \(first - 1) are no longer kept, and this subscriber has not had them; "
            + "“lode subscribers rewind \(name) --to earliest” goes on with what there is"
    }
}
