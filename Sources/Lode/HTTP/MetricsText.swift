import LodeDelivery

/// Prometheus' text exposition format, version 0.0.4.
///
/// Written by hand over plain values: the contract names the metrics exactly, their numbers stand in the
/// parts' own states already, and a metrics library would keep them once more in a registry of its own.
struct MetricsText {
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    private(set) var bytes: [UInt8] = []
    private var name = ""

    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Begins a metric; its samples follow.
    mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        let help = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        bytes += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n".utf8
    }

    mutating func sample(_ labels: [(String, String)], _ value: some BinaryInteger) {
        append(name, labels, "\(value)")
    }

    mutating func sample(_ labels: [(String, String)], _ value: Double) {
        append(name, labels, Self.text(value))
    }

    mutating func sample(_ labels: [(String, String)], _ histogram: Histogram) {
        var below: UInt64 = 0
        for (bucket, count) in histogram.counts.enumerated() {
            below += count
            let bound = bucket < Histogram.bounds.count ? Self.text(Histogram.bounds[bucket]) : "+Inf"
            append("\(name)_bucket", labels + [("le", bound)], "\(below)")
        }
        append("\(name)_sum", labels, Self.text(histogram.sum))
        append("\(name)_count", labels, "\(histogram.count)")
    }

    private mutating func append(_ name: String, _ labels: [(String, String)], _ value: String) {
        bytes += name.utf8
        if !labels.isEmpty {
            let parts = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }
            bytes += "{\(parts.joined(separator: ","))}".utf8
        }
        bytes += " \(value)\n".utf8
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// As Go's ParseFloat reads it.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
