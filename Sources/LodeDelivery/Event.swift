public import Foundation
public import LodeCore
public import LodeJournal

/// A business event, as handlers in Swift get it.
public struct Event: Sendable, Identifiable {
    /// The same however often the log is read; with `source` it names the event for ever.
    public let id: String
    /// Which database of which cluster.
    public let source: String
    public let type: String
    /// The business entity it is about.
    public let key: String?
    /// When its transaction was committed; nil in a recording without times.
    public let time: Timestamp?
    /// Sorts as text in the source's order.
    public let sequence: String
    /// Its place in the journal, growing by one.
    public let position: Position
    /// The data's JSON.
    public let data: [UInt8]
    /// The whole event as CloudEvents JSON, on one line: the same bytes at every delivery.
    public let json: [UInt8]

    /// The data as a value of yours.
    ///
    /// - Throws: `DecodingError`.
    public func decode<Value: Decodable>(_ type: Value.Type, decoder: JSONDecoder = JSONDecoder()) throws -> Value {
        try decoder.decode(type, from: Data(data))
    }
}
