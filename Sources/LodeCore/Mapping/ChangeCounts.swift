/// How many changes were read, by their kind.
public struct ChangeCounts: Hashable, Sendable {
    public private(set) var insert: UInt64 = 0
    public private(set) var update: UInt64 = 0
    public private(set) var delete: UInt64 = 0
    public private(set) var truncate: UInt64 = 0
    public private(set) var message: UInt64 = 0

    public init() {}

    mutating func count(_ kind: Change.Kind) {
        switch kind {
        case .insert: insert += 1
        case .update: update += 1
        case .delete: delete += 1
        case .truncate: truncate += 1
        case .message: message += 1
        default: break
        }
    }

    /// By the names that metrics have for them.
    public var byName: [(name: String, count: UInt64)] {
        [("insert", insert), ("update", update), ("delete", delete), ("truncate", truncate), ("message", message)]
    }

    /// Adds what was counted between `earlier` and `later`.
    public mutating func add(from earlier: ChangeCounts, to later: ChangeCounts) {
        insert += later.insert - earlier.insert
        update += later.update - earlier.update
        delete += later.delete - earlier.delete
        truncate += later.truncate - earlier.truncate
        message += later.message - earlier.message
    }
}
