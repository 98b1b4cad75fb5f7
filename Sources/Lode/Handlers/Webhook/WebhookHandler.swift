import AsyncHTTPClient
import Foundation
import LodeConfiguration
import LodeCore
import LodeDelivery
import NIOCore
import NIOHTTP1

/// Sends events by HTTP as CloudEvents, signed as Standard Webhooks has it.
///
/// A batch is one request in batch mode, and a request an event, one after the other, in the other modes.
final class WebhookHandler: EventHandler {
    let traits: HandlerTraits
    private let writer: WebhookWriter
    private let target: WebhookTarget
    private let route: WebhookRoute
    private let bearer: BearerFile?
    private let timeout: Duration

    /// - Parameters:
    ///   - place: Where the subscriber stands in lode.yaml.
    ///   - addressGuard: Which addresses may be called; nil: what the settings say.
    /// - Throws: ``Diagnostics`` when nothing can be sent to the URL.
    init(_ settings: WebhookSettings, place: Place?, addressGuard: AddressGuard? = nil) throws(Diagnostics) {
        guard let target = WebhookTarget(settings.url) else {
            throw Diagnostics([
                Diagnostic(
                    .error, at: place,
                    "nothing can be sent to this webhook's url; write one such as https://example.com/events")
            ])
        }
        self.target = target
        writer = WebhookWriter(settings, target: target)
        bearer = settings.bearerFile.map { BearerFile($0) }
        // The clock of deadlines has an end; a day is for ever here.
        timeout = min(settings.timeout, .seconds(86_400))
        route = WebhookRoute(
            settings, target: target, addressGuard: addressGuard ?? (settings.allowPrivate ? nil : .publicOnly))
        traits =
            switch settings.mode {
            case .structured, .binary: HandlerTraits(concurrency: settings.concurrency, batchEvents: 1)
            case .batch: HandlerTraits(concurrency: settings.concurrency, batchEvents: 100, batchBytes: 1 << 20)
            }
    }

    func deliver(_ batch: EventBatch) async -> DeliveryReport {
        guard let first = batch.first else { return .done }
        if writer.mode == .batch {
            switch await send(writer.message(batch, first: first)) {
            case .done: return .done
            case .failed(let failure): return .failed(failure)
            case .untried: return .each([])
            }
        }
        var outcomes: [EventOutcome] = []
        for event in batch {
            if Task.isCancelled { break }
            let outcome = await send(writer.message(event))
            outcomes.append(outcome)
            // A later event may be of the same key.
            guard case .done = outcome else { break }
        }
        return .each(outcomes)
    }

    func close() async { await route.close() }

    /// One request and its answer; `untried` when the task was cancelled meanwhile.
    private func send(_ message: WebhookMessage) async -> EventOutcome {
        let deadline = ContinuousClock.now + timeout
        do {
            var message = message
            if let bearer {
                message.headers.replaceOrAdd(name: "authorization", value: "Bearer \(try await bearer.token())")
            }
            let line = try await route.line(until: deadline)
            let connections = line.connections.count
            do {
                let answer = try await WebhookExchange.run(
                    target.request(message), on: line.client, deadline: deadline)
                await route.leave(line, isUsable: true)
                return answer.outcome(now: Date())
            } catch {
                let wasSent = line.connections.mayHaveCarried(since: connections, error)
                await route.leave(line, isUsable: wasSent)
                throw DeliveryFailure(error, ofRequestTo: target.shown, wasSent: wasSent, timeout: timeout)
            }
        } catch {
            if Task.isCancelled { return .untried }
            return .failed(
                error as? DeliveryFailure
                    ?? DeliveryFailure(error, ofRequestTo: target.shown, wasSent: false, timeout: timeout))
        }
    }
}
