#if Kafka
    /// Which events of a batch may be under way together, so that none goes when an earlier one of its
    /// key failed.
    ///
    /// A key's events for one topic go together: they are in one partition and so, in one wave, in one
    /// record batch, which the broker takes whole or not at all. An event for another topic waits until
    /// the earlier ones of its key are safe: topics fail independently. Hence there are as many rounds as
    /// the key that changes its topic most often has changes, and one where all go to one topic.
    struct KafkaPlan {
        /// The events' indices, round after round, in the batch's order within each.
        private(set) var rounds: [[Int]] = []
        /// A number of each event's key; -1: it has none and waits for nobody.
        private(set) var keys: [Int] = []
        private(set) var keyCount = 0

        private struct Last {
            var key: Int
            var topic: Int
            var round: Int
        }

        private var last: [[UInt8]: Last] = [:]

        /// Adds the batch's next event.
        mutating func add(key: [UInt8]?, topic: Int) {
            let index = keys.count
            guard let key else {
                keys.append(-1)
                put(index, into: 0)
                return
            }
            var place = last[key] ?? Last(key: keyCount, topic: topic, round: 0)
            if place.key == keyCount { keyCount += 1 }
            if place.topic != topic { place.round += 1 }
            place.topic = topic
            last[key] = place
            keys.append(place.key)
            put(index, into: place.round)
        }

        private mutating func put(_ index: Int, into round: Int) {
            if round == rounds.count { rounds.append([]) }
            rounds[round].append(index)
        }
    }
#endif
