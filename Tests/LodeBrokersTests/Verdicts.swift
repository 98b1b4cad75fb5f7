import LodeDelivery

extension EventHandler {
    /// What became of each event, as text: `done`, `untried`, or `retry peer: reason`.
    func verdicts(_ batch: EventBatch) async -> [String] {
        switch await deliver(batch) {
        case .done: return batch.map { _ in "done" }
        case .failed(let failure): return batch.map { _ in failure.verdictText }
        case .each(let outcomes):
            return batch.indices.map { index in
                guard outcomes.indices.contains(index) else { return "untried" }
                switch outcomes[index] {
                case .done: return "done"
                case .untried: return "untried"
                case .failed(let failure): return failure.verdictText
                }
            }
        }
    }
}

extension DeliveryFailure {
    fileprivate var verdictText: String { "\(verdict) \(fault): \(reason)" }
}
