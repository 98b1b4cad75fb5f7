import Foundation

/// Libraries of Python that tests ask for a second opinion.
public enum PythonPackages {
    /// What goes into `PYTHONPATH`.
    ///
    /// - Throws: ``TestFailure`` when they are not installed.
    public static func folder() throws -> String {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent(".build-python").path
        for package in ["cloudevents", "nats", "nkeys", "pika", "standardwebhooks"]
        where !FileManager.default.fileExists(atPath: "\(folder)/\(package)") {
            throw TestFailure("no Python package \(package) in \(folder); run docker/python")
        }
        return folder
    }
}
