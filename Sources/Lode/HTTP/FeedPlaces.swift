import Synchronization

/// How many requests may wait at once, and how much memory pages may take together.
final class FeedPlaces: Sendable {
    /// One of the places that there are; free again when nobody holds it.
    final class Place: Sendable {
        private let giveBack: @Sendable () -> Void

        init(giveBack: @escaping @Sendable () -> Void) { self.giveBack = giveBack }

        deinit { giveBack() }
    }

    /// Memory for a page, free again when nobody holds it.
    struct Room: Sendable {
        /// About so many the page may have.
        let bytes: Int
        fileprivate let place: Place
    }

    /// A page has no more than this.
    static let pageBytes = 4 << 20
    /// All pages together have about this; when it gets scarce pages become small, and nobody is refused.
    static let allPagesBytes = 256 << 20
    static let smallestPage = 64 << 10

    private let most: Int
    private let state = Mutex((waiting: 0, bytes: 0))

    init(most: Int) { self.most = most }

    /// nil: there is none left.
    func wait() -> Place? {
        let hasPlace = state.withLock { state in
            guard state.waiting < most else { return false }
            state.waiting += 1
            return true
        }
        guard hasPlace else { return nil }
        return Place { [self] in state.withLock { $0.waiting -= 1 } }
    }

    func room() -> Room {
        let bytes = state.withLock { state in
            let bytes = max(Self.smallestPage, min(Self.pageBytes, (Self.allPagesBytes - state.bytes) / 4))
            state.bytes += bytes
            return bytes
        }
        return Room(bytes: bytes, place: Place { [self] in state.withLock { $0.bytes -= bytes } })
    }
}
