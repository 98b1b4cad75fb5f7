import ArgumentParser
import Lode
import LodeConfiguration
import LodeCore
import Logging
import ServiceLifecycle
import UnixSignals

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the daemon.",
        discussion: "SIGTERM and SIGINT stop it cleanly; SIGHUP reads the mapping again.")

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "How much is logged to standard error: debug, info, warning, error.")
    var logLevel: LogLevel = .info

    func run() async throws {
        try await Terminal.running {
            let configuration = try options.load()
            var logger = Logger(label: "lode", factory: { StreamLogHandler.standardError(label: $0) })
            logger.logLevel = logLevel.level
            let daemon = try LodeDaemon(configuration, logger: logger)
            // The library's own words at its start and end say nothing to our user.
            var quiet = logger
            quiet.logLevel = max(logLevel.level, .error)
            let group = ServiceGroup(
                configuration: .init(
                    services: [
                        .init(service: daemon, successTerminationBehavior: .gracefullyShutdownGroup),
                        .init(service: MappingReload(daemon: daemon, options: options, logger: logger)),
                    ],
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
            try await group.run()
            logger.info("stopped")
        }
    }
}

enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case debug
    case info
    case warning
    case error

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}

/// Reads the mapping again when SIGHUP says so. A file with mistakes changes nothing.
private struct MappingReload: Service {
    let daemon: LodeDaemon
    let options: ConfigurationOptions
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do {
                daemon.reload(try options.load())
                logger.info("mapping read again")
            } catch {
                logger.error("mapping kept as it was, for the file has mistakes:\n\(error)")
            }
        }
    }
}
