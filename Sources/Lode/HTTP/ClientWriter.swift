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
            try await send(slice: slice, to: &writer)
        }
    }

    private func send(slice: ByteBuffer, to writer: inout any ResponseBodyWriter) async throws {
        let channel = channel
        let cut = channel.eventLoop.scheduleTask(in: TimeAmount(patience)) { channel.close(promise: nil) }
        defer { cut.cancel() }
        try await withGracefulShutdownHandler {
            try await writer.write(slice)
        } onGracefulShutdown: {
            channel.eventLoop.scheduleTask(in: Self.patienceAtShutdown) { channel.close(promise: nil) }
        }
    }
}
