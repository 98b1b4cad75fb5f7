import Hummingbird
import NIOCore
import ServiceLifecycle

/// Sends a body in slices, the next when the client's connection has room for it, and cuts off a client
/// that does not read at all.
struct ClientWriter {
    let channel: any Channel
    /// How long one slice may take.
    let patience: Duration

    static let slice = 64 << 10
    /// The same when the daemon stops.
    private static let patienceAtShutdown = TimeAmount.seconds(1)

    func send(_ buffer: ByteBuffer, to writer: inout any ResponseBodyWriter) async throws {
        var rest = buffer
        while let slice = rest.readSlice(length: min(Self.slice, rest.readableBytes)), slice.readableBytes > 0 {
            try await patiently { try await writer.write(slice) }
            // A write is handed to the connection's loop, which says only then whether there is room for
            // more: without this a burst would all be taken.
            try await channel.eventLoop.submit {}.get()
        }
    }

    /// Ends the body.
    func finish(_ writer: any ResponseBodyWriter) async throws {
        try await patiently { try await writer.finish(nil) }
    }

    private func patiently(_ body: () async throws -> Void) async throws {
        let channel = channel
        let cut = channel.eventLoop.scheduleTask(in: TimeAmount(patience)) { channel.close(promise: nil) }
        defer { cut.cancel() }
        try await withGracefulShutdownHandler(operation: body) {
            channel.eventLoop.scheduleTask(in: Self.patienceAtShutdown) { channel.close(promise: nil) }
        }
    }
}
