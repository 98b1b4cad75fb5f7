/// Hands events to a closure of the program that embeds Lode, one after the other.
struct ClosureHandler: EventHandler {
    let directory: SourceDirectory
    let handle: @Sendable (Event) async throws -> Void

    func deliver(_ batch: EventBatch) async throws {
        let events = try batch.events(source: directory.knownURI, typePrefix: directory.typePrefix)
        for (index, event) in events.enumerated() {
            do {
                try await handle(event)
            } catch {
                throw PartialDelivery(done: index, failure: error)
            }
        }
    }
}
