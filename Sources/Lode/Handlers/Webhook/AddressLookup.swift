import AsyncHTTPClient
import Foundation
import LodeDelivery
import NIOCore
import Synchronization

/// Looks up a host's addresses off the pool; however many wait, one lookup is under way.
final class AddressLookup: Sendable {
    private let host: String
    private let addressGuard: AddressGuard
    private let queue = DispatchQueue(label: "lode.webhook.lookup")
    private let running = Mutex<EventLoopFuture<[IPAddress]>?>(nil)

    init(_ host: String, guard addressGuard: AddressGuard) {
        self.host = host
        self.addressGuard = addressGuard
    }

    /// - Throws: ``DeliveryFailure`` when no address may be called, or none was found before the deadline.
    func addresses(until deadline: ContinuousClock.Instant) async throws -> [IPAddress] {
        let loop = HTTPClient.defaultEventLoopGroup.any()
        // The system's resolver cannot be told to stop; who waits for it can.
        let waiting = loop.makePromise(of: [IPAddress].self)
        let late = loop.scheduleTask(in: TimeAmount(deadline - .now)) { [host] in
            waiting.fail(DeliveryFailure(.retry, .peer, "\(host): the name was not resolved in time"))
        }
        defer { late.cancel() }
        lookUp(on: loop).cascade(to: waiting)
        return try await withTaskCancellationHandler {
            try await waiting.futureResult.get()
        } onCancel: {
            waiting.fail(CancellationError())
        }
    }

    private func lookUp(on loop: any EventLoop) -> EventLoopFuture<[IPAddress]> {
        running.withLock { running in
            if let running { return running }
            let promise = loop.makePromise(of: [IPAddress].self)
            running = promise.futureResult
            queue.async { [self] in
                let result = Result { try addressGuard.addresses(of: host) }
                self.running.withLock { $0 = nil }
                promise.completeWith(result)
            }
            return promise.futureResult
        }
    }
}
