public import LodeCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the reader's thread hands over.
public enum ReplicationItem: Sendable {
    /// The stream is open; `start` is where it begins, and the slot was made just now or not.
    case started(SystemIdentity, start: LSN, created: Bool)
    case batch(WALBatch)
    /// Nothing more comes; an error says why.
    case ended(PostgresError?)
}

/// Between the reader's thread and the one that takes its batches. Bounded: four batches, besides
/// the one the reader fills; a full queue makes the reader stop reading the socket.
///
/// SAFETY of the unchecked conformance: the condition variable and its mutex guard every access to
/// the stored properties, and both are valid from `init` to `deinit`.
final class WALQueue: @unchecked Sendable {
    static let most = 4

    private var items: [ReplicationItem] = []
    private var hasEnded = false
    /// Whether the reader found no room or kept a small batch back, and waits for the next `take`.
    private var readerWaits = false
    /// A batch that was done with, for its storage: new pages for each cost more than the copy.
    private var spare: WALBatch?
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        #if canImport(Glibc)
            // A wait must not be as long as somebody sets the clock.
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        #endif
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Whether the taker waits for more: then even a small batch is handed over. When it does not,
    /// its next `take` says that the reader is to be woken.
    func isHungry() -> Bool {
        locked {
            readerWaits = !items.isEmpty
            return items.isEmpty
        }
    }

    /// False: full, try again when the reader is woken.
    func offer(_ item: ReplicationItem) -> Bool {
        locked {
            if case .batch = item, items.count >= Self.most {
                readerWaits = true
                return false
            }
            if hasEnded { return true }
            if case .ended = item { hasEnded = true }
            items.append(item)
            if items.count == 1 { pthread_cond_signal(condition) }
            return true
        }
    }

    /// Waits for the next item; nil when the time is over. After `.ended` comes nothing but nil.
    func take(within wait: Duration) -> (item: ReplicationItem, isLast: Bool, wakes: Bool)? {
        locked {
            if items.isEmpty {
                var deadline = Self.deadline(in: wait)
                while items.isEmpty {
                    if pthread_cond_timedwait(condition, mutex, &deadline) != 0 { break }
                }
            }
            guard !items.isEmpty else { return nil }
            let item = items.removeFirst()
            defer { readerWaits = false }
            return (item, items.isEmpty, readerWaits)
        }
    }

    /// Takes the storage of a batch that was done with. Any that is large is let go.
    func giveBack(_ batch: consuming WALBatch) {
        guard batch.isOrdinary else { return }
        batch.clear()
        let kept = batch
        locked { spare = kept }
    }

    /// An empty batch.
    func emptyBatch() -> WALBatch {
        locked {
            defer { spare = nil }
            return spare ?? WALBatch()
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    private static func deadline(in wait: Duration) -> timespec {
        var now = timespec()
        #if canImport(Glibc)
            clock_gettime(CLOCK_MONOTONIC, &now)
        #else
            clock_gettime(CLOCK_REALTIME, &now)
        #endif
        let (seconds, attoseconds) = wait.components
        let nanoseconds = now.tv_nsec + Int(attoseconds / 1_000_000_000)
        return timespec(
            tv_sec: now.tv_sec + Int(seconds) + nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
    }
}
