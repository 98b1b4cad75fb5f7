public import LodeCore
import Synchronization

/// A block and its place.
public struct PlacedBlock: Hashable, Sendable {
    /// The position of its first event.
    public let first: Position
    public let last: Position
    /// The source's number in the journal.
    public let source: Int64
    public let block: EventBlock

    public init(first: Position, source: Int64, block: EventBlock) {
        self.first = first
        last = first + Int64(block.count) - 1
        self.source = source
        self.block = block
    }
}

/// The blocks written last, so that subscribers which are up to date do not each read the file.
/// At most `most` bytes.
final class RecentBlocks: Sendable {
    private struct State {
        var blocks: [PlacedBlock] = []
        var bytes = 0
    }

    static let most = 4 * 1024 * 1024
    private let state = Mutex(State())

    func append(_ block: PlacedBlock) {
        state.withLock { state in
            // A large transaction's parts never come here: a hole, so what is before it goes.
            if let last = state.blocks.last, last.last + 1 != block.first {
                state.blocks.removeAll()
                state.bytes = 0
            }
            state.blocks.append(block)
            state.bytes += block.block.body.count
            var dropped = 0
            while state.bytes > Self.most, dropped < state.blocks.count - 1 {
                state.bytes -= state.blocks[dropped].block.body.count
                dropped += 1
            }
            state.blocks.removeFirst(dropped)
        }
    }

    /// The blocks from the one with the event after `position` on; nil: they are not here.
    func blocks(after position: Position, upTo bytes: Int) -> [PlacedBlock]? {
        state.withLock { state in
            guard let first = state.blocks.first, first.first <= position + 1 else { return nil }
            var found: [PlacedBlock] = []
            var size = 0
            for block in state.blocks where block.last > position {
                found.append(block)
                size += block.block.body.count
                if size >= bytes { break }
            }
            // A large transaction's parts are in the file alone until the next block comes.
            return found.isEmpty ? nil : found
        }
    }

    /// What is no longer kept is not here either.
    func remove(through position: Position) {
        state.withLock { state in
            let gone = state.blocks.prefix { $0.last <= position }
            state.bytes -= gone.reduce(0) { $0 + $1.block.body.count }
            state.blocks.removeFirst(gone.count)
        }
    }
}
