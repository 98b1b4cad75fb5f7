import LodeCore
import Testing

@testable import Lode

/// How far a server may forget, without a server.
struct ConfirmationTests {
    @Test func withAJournalWhatIsJournalledIsConfirmed() {
        let confirmation = Confirmation(waitsForSubscribers: false)
        confirmation.started(source: 1, at: LSN(5))
        confirmation.journalled(source: 1, through: LSN(10), head: 3)
        #expect(confirmation.position(of: 1) == LSN(10))
    }

    @Test func withoutOneItWaitsForTheLastSubscriberAndKeepsTheOrder() {
        let confirmation = Confirmation(waitsForSubscribers: true)
        confirmation.started(source: 1, at: LSN(5))
        confirmation.journalled(source: 1, through: LSN(10), head: 1)
        confirmation.journalled(source: 1, through: LSN(20), head: 2)
        #expect(confirmation.position(of: 1) == LSN(5))
        confirmation.taken(through: 1)
        #expect(confirmation.position(of: 1) == LSN(10))
        // A position without events does not overtake the event before it.
        confirmation.journalled(source: 1, through: LSN(30), head: 2)
        #expect(confirmation.position(of: 1) == LSN(10))
        confirmation.taken(through: 2)
        #expect(confirmation.position(of: 1) == LSN(30))
    }

    @Test func idleSourcesDoNotAddUpBehindABlockedSubscriber() {
        let confirmation = Confirmation(waitsForSubscribers: true)
        confirmation.journalled(source: 1, through: LSN(1), head: 1)
        for position: UInt64 in 1...1000 {
            confirmation.journalled(source: 1, through: LSN(position), head: 1)
            confirmation.journalled(source: 2, through: LSN(position), head: 1)
        }
        #expect(confirmation.waitingCount == 2)
        confirmation.taken(through: 1)
        #expect(confirmation.position(of: 1) == LSN(1000))
        #expect(confirmation.position(of: 2) == LSN(1000))
    }
}
