import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// `/metrics`, for Prometheus. Asks nobody: what it tells is in memory.
struct MetricsRoutes: Sendable {
    let daemon: LodeDaemon
    let slots: SlotWatch

    var all: [String: EndpointRoute] {
        ["/metrics": EndpointRoute { _, _ in answer() }]
    }

    private func answer() -> Response {
        let text = daemon.metrics(slots: slots.current).text
        return Response(
            status: .ok, headers: [.contentType: MetricsText.contentType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: text)))
    }
}
