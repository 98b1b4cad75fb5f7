public import LodeCore

/// Which events a subscriber takes.
public struct EventFilter: Sendable {
    /// Among those of its types; nil: all.
    let condition: EventCondition?
    /// Of a type with its prefix.
    let takesType: @Sendable (String) -> Bool
    /// Only events of this key; nil: of any, and those without one.
    let key: [UInt8]?

    public init(
        condition: EventCondition? = nil, key: [UInt8]? = nil,
        takesType: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.condition = condition
        self.key = key
        self.takesType = takesType
    }

    func takes(_ event: EventView, of block: EventBlock, source: String, typePrefix: String) -> Bool {
        if let key {
            guard let range = event.key?.range, range.count == key.count, block.body[range] == key[...] else {
                return false
            }
        }
        return condition?.takes(event, of: block, source: source, typePrefix: typePrefix) ?? true
    }
}
