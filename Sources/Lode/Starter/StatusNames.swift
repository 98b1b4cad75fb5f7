/// What it is called that a status became such a value: `SHIPPED` of an order is `OrderShipped`.
enum StatusNames {
    /// Columns whose values are the steps of a row's life.
    static func isLifecycle(_ column: String) -> Bool {
        guard let last = EnglishNames.words(of: column).last?.lowercased() else { return false }
        return ["status", "state", "stage", "phase", "lifecycle"].contains(last)
    }

    /// - Parameters:
    ///   - entity: `["order"]`
    ///   - column: `status`, or `payment_status`, whose `PAID` is then `OrderPaymentPaid`.
    ///   - value: as the column has it; nil when it has no letter or digit.
    static func event(_ entity: [String], column: String, value: String) -> String? {
        let words = EnglishNames.words(of: value.replacing("'", with: ""))
        guard !words.isEmpty else { return nil }
        let columnWords = EnglishNames.words(of: column)
        var about = isLifecycle(column) ? Array(columnWords.dropLast()) : columnWords
        // A payment's `payment_status` is its status.
        if about.map({ $0.lowercased() }) == entity.map({ $0.lowercased() }) { about = [] }
        let subject = EnglishNames.pascal(entity + about)
        let lower = words.map { $0.lowercased() }
        if lower.count == 1, let verb = verbs[lower[0]] { return subject + verb }
        if let last = lower.last, isParticiple(last) || lower.count > 1 && isParticiple(lower[0]) {
            return subject + EnglishNames.pascal(lower)
        }
        let kind = isLifecycle(column) ? EnglishNames.pascal(Array(columnWords.suffix(1))) : ""
        return subject + kind + EnglishNames.pascal(lower)
    }

    /// `shipped`, `written`, `paid`: what was done to the row.
    private static func isParticiple(_ word: String) -> Bool {
        if irregularParticiples.contains(word) { return true }
        return word.count > 3 && word.hasSuffix("ed") && !["need", "feed", "seed", "speed"].contains(word)
    }

    private static let irregularParticiples: Set<String> = [
        "paid", "unpaid", "sent", "lost", "sold", "won", "bought", "held", "built", "found", "kept", "left", "made",
        "met",
        "read", "set", "shut", "split", "told", "taken", "given", "written", "withdrawn", "forgotten", "broken",
        "chosen",
        "stolen", "frozen", "hidden", "driven", "shown", "begun", "gone", "done", "overdrawn", "refunded", "reset",
        "undone", "overridden", "put", "cut", "quit",
    ]

    private static let verbs = [
        "open": "Opened", "active": "Activated", "inactive": "Deactivated", "enable": "Enabled", "disable": "Disabled",
        "complete": "Completed", "ready": "BecameReady", "live": "WentLive", "online": "WentOnline",
        "offline": "WentOffline", "overdue": "BecameOverdue",
    ]
}
