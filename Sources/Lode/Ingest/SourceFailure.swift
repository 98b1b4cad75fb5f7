import LodeCore
import LodeJournal
import LodePostgres

/// Why a source's reading ended, and what follows from it.
enum SourceFailure: Error {
    /// Try again, after a pause.
    case passing(String)
    /// The source stands still until a person acts; the others go on.
    case lasting(String)
    /// The mapping does not fit the database: everything that is wrong.
    case mapping(Diagnostics)

    init(_ error: any Error) {
        switch error {
        case let failure as SourceFailure: self = failure
        case let error as PostgresError:
            self = error.verdict == .retry ? .passing(error.message) : .lasting(error.message)
        case let error as JournalError:
            self = error.verdict == .retry ? .passing(error.message) : .lasting(error.message)
        case let error as Diagnostics: self = .mapping(error)
        default: self = .lasting("\(error)")
        }
    }

    var message: String {
        switch self {
        case .passing(let message), .lasting(let message): message
        case .mapping(let diagnostics): diagnostics.description
        }
    }
}
