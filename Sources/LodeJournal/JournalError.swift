import GRDB

/// What the journal could not do.
public struct JournalError: Error, Hashable, Sendable {
    public enum Verdict: Hashable, Sendable {
        /// It may pass: the disk is full, the file is busy.
        case retry
        /// It will not pass until somebody mends it.
        case stop
    }

    /// One line: what is wrong; what to do.
    public var message: String
    public var verdict: Verdict
    /// Another daemon has the journal.
    public var isInUse: Bool

    public init(_ message: String, verdict: Verdict, isInUse: Bool = false) {
        self.message = message
        self.verdict = verdict
        self.isInUse = isInUse
    }
}

extension JournalError: CustomStringConvertible {
    public var description: String { message }
}

extension JournalError {
    init(_ error: any Error, path: String) {
        if let known = error as? JournalError {
            self = known
            return
        }
        guard let database = error as? DatabaseError else {
            self.init("journal \(path): \(error)", verdict: .stop)
            return
        }
        switch database.resultCode {
        case .SQLITE_FULL:
            self.init("journal \(path): the disk is full; make room, Lode goes on by itself", verdict: .retry)
        case .SQLITE_IOERR:
            self.init(
                "journal \(path): the disk cannot be read or written (\(database.extendedResultCode)); "
                    + "see the system's log, Lode tries again", verdict: .retry)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init("journal \(path): another process holds it; Lode tries again", verdict: .retry)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            self.init(
                "journal \(path): cannot be opened for writing; correct `journal: path:` or its folder's rights",
                verdict: .stop)
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            self.init(
                "journal \(path): is damaged or not a journal (\(database.message ?? "")); restore it from a copy",
                verdict: .stop)
        default:
            self.init("journal \(path): \(database.resultCode): \(database.message ?? "")", verdict: .stop)
        }
    }
}
