public import LodeCore

/// Which events a subscriber takes.
public struct EventFilter: Sendable {
    /// Among those of its types; nil: all.
    let condition: EventCondition?
    /// Of a type with its prefix.
    let takesType: @Sendable (String) -> Bool

    public init(condition: EventCondition? = nil, takesType: @escaping @Sendable (String) -> Bool = { _ in true }) {
        self.condition = condition
        self.takesType = takesType
    }

    func takes(_ event: EventView, of block: EventBlock, source: String, typePrefix: String) -> Bool {
        condition?.takes(event, of: block, source: source, typePrefix: typePrefix) ?? true
    }
}
