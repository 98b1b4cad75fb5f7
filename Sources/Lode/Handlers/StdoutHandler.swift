import Foundation
import LodeCore
import LodeDelivery

/// Prints events: a line each that a person can read when a person looks, CloudEvents JSON lines
/// when a program does.
struct StdoutHandler: EventHandler {
    private let queue = DispatchQueue(label: "lode.stdout")
    private let isForPerson: Bool

    init(isForPerson: Bool = isatty(STDOUT_FILENO) == 1) { self.isForPerson = isForPerson }

    let traits = HandlerTraits()

    func deliver(_ batch: EventBatch) async -> DeliveryReport {
        let bytes = isForPerson ? EventText(isColored: true).lines(of: batch) : batch.jsonLines
        do {
            try await queue.blocking { try Self.write(bytes) }
            return .done
        } catch {
            return .failed(DeliveryFailure(.retry, .peer, "\(error)"))
        }
    }

    private static func write(_ bytes: [UInt8]) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw DeliveryFailure(
                    .retry, .peer, "standard output cannot be written: \(String(cString: strerror(errno)))")
            }
            written += count
        }
    }
}

/// Events for a person's eyes: `12:34:56.789  OrderPlaced  42  {"total":99.50}`.
public struct EventText: Sendable {
    public let isColored: Bool

    public init(isColored: Bool) { self.isColored = isColored }

    func lines(of batch: EventBatch) -> [UInt8] {
        var out: [UInt8] = []
        for event in batch {
            append(time: event.time, type: event.name, key: event.key?[...], data: event.data, to: &out)
        }
        return out
    }

    public func append(
        time: Timestamp?, type: String, key: ArraySlice<UInt8>?, data: ArraySlice<UInt8>?, to out: inout [UInt8]
    ) {
        if let time {
            var text: [UInt8] = []
            time.appendRFC3339(to: &text)
            // Hours to milliseconds: the day is today's when a person looks.
            style("2", text.dropFirst(11).prefix(12), to: &out)
            out += "  ".utf8
        }
        style("1;36", Array(type.utf8)[...], to: &out)
        if let key {
            out += "  ".utf8
            // The one thing in a line that a table's text could send to the terminal as it is.
            style("33", key.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }[...], to: &out)
        }
        if let data {
            out += "  ".utf8
            out += data.map { $0 == 0x7F ? UInt8(ascii: "?") : $0 }
        }
        out.append(0x0A)
    }

    private func style(_ code: String, _ text: ArraySlice<UInt8>, to out: inout [UInt8]) {
        guard isColored else {
            out += text
            return
        }
        out += "\u{1B}[\(code)m".utf8
        out += text
        out += "\u{1B}[0m".utf8
    }
}
