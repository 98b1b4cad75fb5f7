import LodeDelivery

/// Hands events to a closure of the program that embeds Lode, one after the other.
struct ClosureHandler: EventHandler {
    let handle: @Sendable (Event) async throws -> Void
    let traits = HandlerTraits(batchEvents: 1000)

    func deliver(_ batch: EventBatch) async -> DeliveryReport {
        var outcomes: [EventOutcome] = []
        for event in batch {
            if Task.isCancelled { break }
            do {
                try await handle(event.event)
                outcomes.append(.done)
            } catch let failure as DeliveryFailure {
                outcomes.append(.failed(failure))
                break
            } catch {
                outcomes.append(.failed(DeliveryFailure(.retry, .event, "\(error)")))
                break
            }
        }
        return .each(outcomes)
    }
}
