import Foundation
import LodeConfiguration
import LodeDelivery
import TestSupport

@testable import Lode

/// What the tests of webhooks share.
enum Webhooks {
    static func handler(
        _ url: String, addressGuard: AddressGuard? = nil, _ change: (inout WebhookSettings) -> Void = { _ in }
    ) throws -> WebhookHandler {
        var settings = WebhookSettings(url: url)
        change(&settings)
        return try WebhookHandler(settings, place: nil, addressGuard: addressGuard)
    }

    /// Hands a batch to a handler that lives for it alone.
    static func deliver(
        _ batch: EventBatch, to url: String, addressGuard: AddressGuard? = nil,
        _ change: (inout WebhookSettings) -> Void = { _ in }
    ) async throws -> DeliveryReport {
        let handler = try handler(url, addressGuard: addressGuard, change)
        let report = await handler.deliver(batch)
        await handler.close()
        return report
    }

    static func one(_ event: SampleEvent = SampleEvent(key: "42", data: #"{"total":99.50}"#)) throws -> EventBatch {
        try SampleEvents.batch([event])
    }
}

extension DeliveryReport {
    /// The failure that it ends in.
    var failure: DeliveryFailure? {
        switch self {
        case .done: nil
        case .failed(let failure): failure
        case .each(let outcomes):
            if case .failed(let failure)? = outcomes.last { failure } else { nil }
        }
    }

    /// `d`, `f` and `u` for each event.
    var letters: String {
        switch self {
        case .done: "done"
        case .failed: "failed"
        case .each(let outcomes):
            outcomes.map {
                switch $0 {
                case .done: "d"
                case .failed: "f"
                case .untried: "u"
                }
            }.joined()
        }
    }
}
