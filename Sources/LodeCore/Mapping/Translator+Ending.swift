/// The end of a transaction whose rows were put aside: its events are made now, in the order of the log.
extension Translator {
    struct Ending: Sendable {
        let position: CommitPosition
        let time: Timestamp?
        let lsn: LSN?
        /// The row that comes next; its net rows come where their last change is.
        var next = RowPlace(offset: 0)
        /// Where the rows of the log end and those begin that folding made.
        var end: RowPlace?
    }

    /// Goes on with the transaction's end.
    public mutating func proceed() throws -> Step {
        guard var work = ending else { return .ordinary }
        let end = work.end ?? rows.transaction.end
        if work.end == nil {
            if let step = try readAgain(upTo: rows.freshFrom) { return step }
            if let step = try foldNetRows() { return step }
            work.end = end
            ending = work
        }
        while work.next < end {
            if events.openBytes > Self.partBytes { return .unfinished }
            let entry = try rows.open(work.next, in: 0)
            if let step = try fire(entry) { return step }
            work.next = entry.next
            ending = work
        }
        if let step = try fireOfTransaction(work) { return step }
        return committed(work.position, work.time)
    }

    /// Rows that were put aside before a definition changed must fit it. Not nil: a table must be looked up first.
    private mutating func readAgain(upTo end: RowPlace) throws -> Step? {
        var next = RowPlace(offset: 0)
        while next < end {
            let entry = try rows.open(next, in: 0)
            next = entry.next
            guard entry.relation >= 0 else { continue }
            guard requireRelation(entry.relation) else { return .needs(relationNames[entry.relation]) }
            guard rows.relations[entry.relation].isWatched else { continue }
            try rows.prepare(0, entry)
            if !rows.frames[0].fits { try requireReadable(entry.relation, lsn: entry.lsn) }
        }
        return nil
    }

    private mutating func fire(_ entry: RowSet.Entry) throws -> Step? {
        guard entry.relation >= 0 else {
            try rows.prepare(0, entry)
            let firing = Firing(ordinal: entry.ordinal, lsn: entry.lsn)
            return try rows.frames[0].kind == .message ? fireMessage(firing) : fireTruncate(firing)
        }
        let number = entry.relation
        guard requireRelation(number) else { return .needs(relationNames[number]) }
        guard rows.relations[number].isWatched else { return nil }
        let table = rows.relations[number].rules
        let firing = Firing(ordinal: entry.ordinal, lsn: entry.lsn, relation: number)
        if !entry.isResolved { try rows.readHead(slot: 0) }
        let rules = mapping.tables[table].rules(for: rows.frames[0].kind.operation)
        let hasNet = mapping.tables[table].hasNet
        let net = hasNet ? gathering.netRow(endingAt: entry.place, of: table) : nil
        guard !rules.isEmpty || net != nil else { return nil }
        try rows.prepare(0, entry)
        guard hasNet else { return try fire(rules, firing) }
        // Rules that see every change come before those that see the row net.
        let mark = events.mark
        let before = statistics
        if let step = try fire(rules.filter { !$0.isNet }, firing) { return step }
        guard let net else { return nil }
        try take(net)
        let netRules = mapping.tables[table].rules(for: rows.frames[0].kind.operation).filter(\.isNet)
        if let step = try fire(netRules, firing, continues: true) {
            events.rollback(to: mark)
            statistics = before
            return step
        }
        return nil
    }

    mutating func take(_ place: RowPlace) throws {
        do { try rows.load(place, into: 0) } catch {
            switch error {
            case .spill(let spill): throw spill
            case .decode(let decode): throw decode
            }
        }
    }

    private mutating func fireOfTransaction(_ work: Ending) throws -> Step? {
        guard !mapping.transactionRules.isEmpty else { return nil }
        rows.showNothing()
        return try fire(mapping.transactionRules, Firing(ordinal: ordinal + 1, lsn: work.lsn))
    }
}
