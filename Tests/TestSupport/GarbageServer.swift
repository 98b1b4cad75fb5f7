import Foundation
import Synchronization

/// Listens on a port of loopback and speaks no protocol.
public final class GarbageServer: Sendable {
    public enum Habit: Hashable, Sendable {
        /// Lines of text, endlessly.
        case text
        /// Zero bytes, endlessly.
        case zeros
        /// Accepts, reads, and never says a word.
        case silence
        /// Closes every connection at once.
        case closes
    }

    public let port: Int
    private let listener: Int32
    private let hasEnded = Mutex(false)

    public init(_ habit: Habit) throws {
        (listener, port) = try FaultProxy.listen()
        let thread = Thread { [weak self, listener] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                guard self != nil, habit != .closes else {
                    close(client)
                    continue
                }
                Thread { [weak self] in
                    defer { close(client) }
                    let bytes = habit == .text ? Array("this is not what you take it for\n".utf8) : [0, 0, 0, 0, 0, 0]
                    while let self, !self.hasEnded.withLock({ $0 }) {
                        if habit == .silence {
                            usleep(20_000)
                        } else {
                            let count = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                            if count <= 0 { return }
                        }
                    }
                }.start()
            }
        }
        thread.start()
    }

    deinit { end() }

    public func end() {
        let isFirst = hasEnded.withLock { ended in
            defer { ended = true }
            return !ended
        }
        guard isFirst else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}
