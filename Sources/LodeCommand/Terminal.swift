import ArgumentParser
import Foundation
import Lode
import LodeCore
import LodeJournal
import LodePostgres

/// What goes to the person or program at the other end, and the exit code that goes with it.
enum Terminal {
    static var isForPerson: Bool { isatty(STDOUT_FILENO) == 1 }

    static func write(_ bytes: some Collection<UInt8>) throws {
        let all = Array(bytes)
        var written = 0
        while written < all.count {
            let count = all[written...].withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // A pipe whose reader went away (`| head`) is no error.
            guard count > 0 else { throw ExitCode(errno == EPIPE ? 0 : 69) }
            written += count
        }
    }

    static func complain(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    static func print(_ diagnostics: [Diagnostic]) {
        for diagnostic in diagnostics { complain(diagnostic.description) }
    }

    /// Runs a command's body; says what went wrong, and ends with the code for it.
    static func running<Result>(_ body: () async throws -> Result) async throws -> Result {
        // A pipe that nobody reads answers with an error, not with the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            return try await body()
        } catch let error as ExitCode {
            throw error
        } catch let error as ValidationError {
            throw error
        } catch {
            complain(text(of: error))
            throw code(for: error)
        }
    }

    private static func text(of error: any Error) -> String {
        switch error {
        case let error as Diagnostics: error.description
        case let error as Diagnostic: error.description
        default: "error: \(error)"
        }
    }

    private static func code(for error: any Error) -> ExitCode {
        switch error {
        case is Diagnostics, is Diagnostic: ExitCode(78)
        case is ControlError: ExitCode(1)
        case is PostgresError, is JournalError, is EndpointError, is FileError: ExitCode(69)
        default: ExitCode(1)
        }
    }
}

/// A file that cannot be had.
struct FileError: Error, CustomStringConvertible {
    let description: String

    init(_ path: String, _ what: String) {
        description = "\(path) \(what): \(String(cString: strerror(errno)))"
    }
}
