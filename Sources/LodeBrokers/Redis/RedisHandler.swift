public import LodeConfiguration
public import LodeCore
public import LodeDelivery
import NIOCore

/// Appends events to Redis streams.
///
/// The commands of a batch are written at once and answered in order; an event is done when the server
/// has answered its XADD with the entry's ID. Redis runs what is written behind a refused command all the
/// same, and what it refused (its memory full, a stream not there) may go well a moment later. So a batch
/// has one event of a key: a key's next one is not written before this one's answer is known.
///
/// At least once: when a connection is lost, events whose answer did not come are sent again, with the
/// same `id` field. One that was executed unseen is in its stream twice then.
public actor RedisHandler: EventHandler {
    /// What Redis takes in one text unless its `proto-max-bulk-len` says otherwise.
    static let mostEventBytes = 512 << 20
    /// An event this large may itself be why a connection was lost: servers and proxies end one without a
    /// word over it.
    private static let suspiciousBytes = 1 << 20

    private let settings: RedisSettings
    private let address: RedisAddress
    private let times: RedisConnection.Times
    private var connection: RedisConnection?
    public nonisolated let traits = HandlerTraits(keyOrder: .onePerBatch)

    /// - Throws: When the settings cannot work.
    public init(_ settings: RedisSettings, at place: Place? = nil) throws(Diagnostics) {
        try self.init(settings, at: place, times: RedisConnection.Times())
    }

    /// - Parameter times: Tests have shorter ones.
    init(_ settings: RedisSettings, at place: Place? = nil, times: RedisConnection.Times) throws(Diagnostics) {
        self.settings = settings
        self.times = times
        do throws(Diagnostic) {
            address = try RedisAddress(url: settings.url)
            guard address.isTLS || [settings.caFile, settings.certificateFile, settings.keyFile] == [nil, nil, nil]
            else {
                throw Diagnostic(
                    .error, "ca_file, cert_file and key_file are for TLS; write rediss:// in the URL of redis")
            }
            guard (settings.certificateFile == nil) == (settings.keyFile == nil) else {
                throw Diagnostic(.error, "cert_file and key_file of redis belong together; give both")
            }
        } catch {
            var error = error
            error.place = place
            throw Diagnostics([error])
        }
    }

    public func deliver(_ batch: EventBatch) async -> DeliveryReport {
        // Larger than a batch may be, it comes alone.
        if batch.count == 1, batch[0].size > Self.mostEventBytes {
            return .each([.failed(DeliveryFailure(.park, .event, "the event is larger than 512 MB"))])
        }
        do {
            let connection = try await opened()
            return try await send(batch, over: connection)
        } catch {
            if Task.isCancelled { return .each([]) }
            return .failed(lost(RedisConnection.reason(error)))
        }
    }

    public func close() async {
        await connection?.close()
        connection = nil
    }

    private func opened() async throws -> RedisConnection {
        if let connection, connection.isActive { return connection }
        connection = nil
        let opened = try await RedisConnection.open(address, settings, times: times)
        connection = opened
        return opened
    }

    // MARK: - A batch

    private func send(_ batch: EventBatch, over connection: RedisConnection) async throws -> DeliveryReport {
        var outcomes = [EventOutcome](repeating: .untried, count: batch.count)
        var sizes = [Int](repeating: 0, count: batch.count)
        let exchange = connection.begin(expecting: batch.count)
        write(batch, to: connection, sizes: &sizes)
        let result = try await connection.outcome(of: exchange)
        var isUnfit = result.loss != nil
        for (index, answer) in result.answers.enumerated() {
            if let failure = RedisVerdict.failure(answer, stream: stream(of: batch[index])) {
                outcomes[index] = .failed(failure)
                isUnfit = isUnfit || failure.fault == .peer
            } else {
                outcomes[index] = .done
            }
        }
        // A server that fell back to being a replica, say: the next connection may lead to another.
        if isUnfit { await close() }
        if let loss = result.loss, !Task.isCancelled { blame(loss, result.answers, sizes, &outcomes) }
        return .each(outcomes)
    }

    /// Finds whose fault it is that the connection was lost, if it was an event's.
    private func blame(_ loss: String, _ answers: [RedisAnswer], _ sizes: [Int], _ outcomes: inout [EventOutcome]) {
        // After this answer Redis closes, and has run nothing that stood behind it.
        if case .error(let words)? = answers.last, RedisVerdict.failure(words).verdict == .park { return }
        let first = answers.count
        guard first < outcomes.count else { return }
        var failure = lost(loss)
        if sizes[first] > Self.suspiciousBytes {
            failure.fault = .event
            failure.reason += ", with an event of \(sizes[first]) bytes under way"
        }
        outcomes[first] = .failed(failure)
    }

    private func write(_ batch: EventBatch, to connection: RedisConnection, sizes: inout [Int]) {
        var append = RedisAppend(settings)
        var commands: [UInt8] = []
        var json: [UInt8] = []
        batch.appendJSON(to: &json) { index, json in
            sizes[index] = json.count
            append.append(batch[index], size: json.count, to: &commands)
            if json.count < Self.writeBytes {
                commands.append(contentsOf: json)
            } else {
                connection.write(commands)
                connection.write(json)
                commands.removeAll(keepingCapacity: true)
            }
            RedisCommand.appendBreak(to: &commands)
            json.removeAll(keepingCapacity: true)
            // The server works on these while the next are made.
            if commands.count >= Self.writeBytes {
                connection.write(commands)
                commands.removeAll(keepingCapacity: true)
            }
        }
        connection.write(commands)
    }

    private static let writeBytes = 64 * 1024

    private func stream(of event: OutgoingEvent) -> String { RedisAppend.stream(of: event.type, settings) }

    private func lost(_ reason: String) -> DeliveryFailure {
        DeliveryFailure(.retry, .peer, "Redis at \(address.name): \(reason)")
    }
}
