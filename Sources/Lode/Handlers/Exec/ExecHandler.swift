import LodeConfiguration
import LodeDelivery
import Logging

/// Hands events to a program of any language: JSON lines on its standard input, an answer for each on its
/// standard output.
///
/// The program is started by the first batch and stays. When it is gone, or was ended because of what it
/// did, the next batch starts it anew; how soon that comes is the delivery engine's to say.
///
/// A batch is written ahead, so the program has the next events at hand while it works at one. It has one
/// event of a key at most: a program that refuses an event goes on with the lines behind it.
actor ExecHandler: EventHandler {
    private let settings: ExecChild.Settings
    private let logger: Logger
    private var child: ExecChild?
    nonisolated let traits = HandlerTraits(keyOrder: .onePerBatch, batchEvents: 256)

    /// - Parameter name: Of the subscriber.
    init(_ settings: ExecSettings, name: String, grace: Duration = .seconds(5), logger: Logger) {
        self.settings = ExecChild.Settings(
            command: settings.command, name: name, timeout: settings.timeout, grace: grace)
        var logger = logger
        logger[metadataKey: "subscriber"] = "\(name)"
        self.logger = logger
    }

    func deliver(_ batch: EventBatch) async -> DeliveryReport {
        if let child, !child.isUsable {
            // Two programs at once might take a key's events out of order.
            guard await child.waitForEndUnlessCancelled() else { return .each([]) }
            self.child = nil
        }
        let child = child ?? ExecChild(settings, logger: logger)
        self.child = child
        return await child.exchange(ExecChild.Batch(ids: batch.map(\.idBytes), lines: batch.jsonLines))
    }

    /// Returns when no process of the program's group is left: within two graces, and mostly at once.
    func close() async {
        child?.stop()
        await child?.waitForEnd()
        child = nil
    }
}
