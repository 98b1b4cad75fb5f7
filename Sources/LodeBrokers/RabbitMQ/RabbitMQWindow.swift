#if RabbitMQ
    import LodeDelivery

    /// Messages of a batch between their sending and their confirms.
    ///
    /// A channel counts messages from 1 as they are sent; confirms name that number (RabbitMQ,
    /// "Publisher Confirms"). A returned message is confirmed too, after its return.
    struct RabbitMQWindow {
        private struct Slot {
            let place: Int
            let id: [UInt8]
            var returned: DeliveryFailure?
            var isSettled = false
        }

        /// The number of the first slot.
        private var first: UInt64
        private var slots: [Slot] = []
        /// Every slot before this one is settled.
        private var low = 0
        private(set) var waiting = 0

        /// - Parameter first: The number of the next message on the channel.
        init(first: UInt64) { self.first = first }

        /// The number of the next message.
        var next: UInt64 { first + UInt64(slots.count) }

        mutating func sent(_ place: Int, id: [UInt8]) {
            slots.append(Slot(place: place, id: id))
            waiting += 1
        }

        /// A return names no number: the first message with its id, that was not returned yet, is it.
        mutating func returned(id: [UInt8], _ failure: DeliveryFailure) {
            let index = slots[low...].firstIndex { !$0.isSettled && $0.returned == nil && $0.id == id }
            if let index { slots[index].returned = failure }
        }

        /// The server confirmed a message, and with `multiple` all before it; 0 is all there are.
        ///
        /// - Parameter refusal: Why it did not take them; nil: it did.
        mutating func confirmed(
            _ number: UInt64, multiple: Bool, refusal: DeliveryFailure?, settle: (Int, EventOutcome) -> Void
        ) {
            let last = number == 0 ? UInt64(slots.count) : number &- first &+ 1
            guard number == 0 || number >= first, last <= slots.count else { return }
            let range = multiple ? low..<max(low, Int(last)) : Int(last) - 1..<Int(last)
            for index in range where !slots[index].isSettled {
                slots[index].isSettled = true
                waiting -= 1
                let failure = refusal ?? slots[index].returned
                settle(slots[index].place, failure.map { .failed($0) } ?? .done)
            }
            while low < slots.count, slots[low].isSettled { low += 1 }
        }
    }
#endif
