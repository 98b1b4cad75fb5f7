import Foundation
public import LodeCore
import LodeJournal
import Synchronization

extension Subscriber {
    /// Notes how old the events were that a delivery has brought.
    func observe(_ report: DeliveryReport, _ batch: EventBatch) {
        var ages = Histogram()
        let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
        switch report {
        case .failed: return
        case .done: batch.recordAges(to: &ages, at: now) { _ in true }
        case .each(let outcomes):
            batch.recordAges(to: &ages, at: now) { index in
                if index < outcomes.count, case .done = outcomes[index] { return true }
                return false
            }
        }
        guard ages.count > 0 else { return }
        state.withLock { $0.commitToDelivery.add(ages) }
    }
}

extension EventBatch {
    /// Records the time since the commit of each event that `counts`; of a log without times, of none.
    ///
    /// - Parameter now: Microseconds since 1970.
    func recordAges(to ages: inout Histogram, at now: Int64, counts: (Int) -> Bool) {
        var (run, time): (UInt64, Timestamp?) = (0, nil)
        for index in places.indices where counts(index) {
            // Events of one transaction are as old as each other, and come together.
            let next = places[index].chunk.time(of: places[index].line)
            if next != time {
                ages.record(since: time, now, times: run)
                (run, time) = (0, next)
            }
            run += 1
        }
        ages.record(since: time, now, times: run)
    }
}

extension Histogram {
    /// - Parameter now: Microseconds since 1970.
    public mutating func record(since time: Timestamp?, _ now: Int64, times: UInt64 = 1) {
        guard let time, times > 0 else { return }
        record(Double(now - time.microseconds) / 1_000_000, times: times)
    }
}

extension EventChunk {
    fileprivate func time(of line: Int32) -> Timestamp? {
        let line = lines[Int(line)]
        return blocks[Int(line.block)].block.transactions[Int(line.transaction)].time
    }
}
