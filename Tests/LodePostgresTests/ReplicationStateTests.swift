import LodeCore
import Testing

@testable import LodePostgres

/// The protocol's client side without a socket.
struct ReplicationStateTests {
    private let start = ContinuousClock.now
    private let lsn = LSN(0x1000)

    @Test func saysNothingBeforeTenSeconds() {
        var state = ReplicationState(start: lsn, now: start)
        #expect(state.takeStatus(at: start + .seconds(9)) == nil)
        #expect(state.takeStatus(at: start + .seconds(10)) == StandbyStatus(position: lsn, requestsReply: false))
        #expect(state.takeStatus(at: start + .seconds(19)) == nil)
    }

    @Test func answersAKeepaliveThatWantsAnAnswerAtOnceAndOnce() {
        var state = ReplicationState(start: lsn, now: start)
        state.keepaliveReceived(replyRequested: true, at: start + .seconds(1))
        #expect(state.takeStatus(at: start + .seconds(1)) != nil)
        #expect(state.takeStatus(at: start + .seconds(1)) == nil)
    }

    @Test func keepaliveDoesNotMoveTheConfirmedPosition() {
        var state = ReplicationState(start: lsn, now: start)
        state.keepaliveReceived(replyRequested: true, at: start)
        #expect(state.takeStatus(at: start)?.position == lsn)
    }

    @Test func reportsAConfirmationSoonButNotEveryOne() {
        var state = ReplicationState(start: lsn, now: start)
        state.confirmationMoved(to: LSN(0x2000))
        #expect(state.takeStatus(at: start + .milliseconds(499)) == nil)
        #expect(state.takeStatus(at: start + .milliseconds(500))?.position == LSN(0x2000))
    }

    @Test func confirmedPositionNeverGoesBack() {
        var state = ReplicationState(start: lsn, now: start)
        state.confirmationMoved(to: LSN(0x3000))
        state.confirmationMoved(to: LSN(0x2000))
        #expect(state.confirmed == LSN(0x3000))
    }

    @Test func asksASilentServerOnceAndGivesItUpLater() {
        var state = ReplicationState(start: lsn, now: start)
        _ = state.takeStatus(at: start + .seconds(25))
        #expect(state.takeStatus(at: start + .seconds(30))?.requestsReply == true)
        #expect(state.takeStatus(at: start + .seconds(40))?.requestsReply == false)
        #expect(!state.isSilent(at: start + .seconds(74)))
        #expect(state.isSilent(at: start + .seconds(75)))
        state.messageReceived(at: start + .seconds(75))
        #expect(!state.isSilent(at: start + .seconds(76)))
    }

    @Test func peerThatWasNotListenedToIsNotSilent() {
        var state = ReplicationState(start: lsn, now: start)
        state.readingPaused(at: start + .seconds(300))
        #expect(state.lastReceived == start)
        #expect(!state.isSilent(at: start + .seconds(301)))
        #expect(!state.isSilent(at: start + .seconds(374)))
        #expect(state.isSilent(at: start + .seconds(375)))
    }

    @Test func statusesGoOnWhileReadingIsPaused() {
        var state = ReplicationState(start: lsn, now: start)
        for turn in 1...10 {
            state.readingPaused(at: start + .seconds(turn * 10))
            #expect(state.takeStatus(at: start + .seconds(turn * 10)) != nil)
        }
    }

    @Test(arguments: [(60_000, 10_000), (20_000, 5000), (2000, 500), (0, 10_000), (1, 20)])
    func speaksWellWithinTheServersTimeout(timeout: Int, status: Int) {
        let times = ConnectionTimes().fitting(walSenderTimeout: .milliseconds(timeout))
        #expect(times.status == .milliseconds(status))
        var state = ReplicationState(start: lsn, now: start, times: times)
        #expect(state.takeStatus(at: start + .milliseconds(status - 1)) == nil)
        #expect(state.takeStatus(at: start + .milliseconds(status)) != nil)
    }

    @Test func lastWordCarriesTheNewestConfirmation() {
        var state = ReplicationState(start: lsn, now: start)
        state.confirmationMoved(to: LSN(0x4000))
        #expect(state.takeFinalStatus(at: start) == StandbyStatus(position: LSN(0x4000), requestsReply: false))
    }
}

/// Bytes as the protocol's documentation lays them out.
struct ReplicationMessageTests {
    @Test func readsWALData() {
        let bytes: [UInt8] =
            [0x77, 0, 0, 0, 1, 0, 0, 0, 2] + [0, 0, 0, 1, 0, 0, 0, 3] + [UInt8](repeating: 0, count: 8) + [65]
        #expect(ReplicationMessage(bytes.span) == .walData(start: LSN("1/2")!, end: LSN("1/3")!))
    }

    @Test func readsKeepalives() {
        let bytes: [UInt8] = [0x6B, 0, 0, 0, 0, 0, 0, 0, 9] + [UInt8](repeating: 0, count: 8) + [1]
        #expect(ReplicationMessage(bytes.span) == .keepalive(walEnd: LSN(9), replyRequested: true))
    }

    @Test func refusesWhatIsCutShortOrUnknown() {
        for bytes: [UInt8] in [[], [0x77], [0x6B, 0, 0], [0x78] + [UInt8](repeating: 0, count: 40)] {
            #expect(ReplicationMessage(bytes.span) == nil)
        }
    }

    @Test func writesAStatus() {
        let bytes = StandbyStatus(position: LSN(0x0102), requestsReply: true).encoded(time: 3)
        #expect(bytes.count == 34)
        #expect(bytes[0] == 0x72)
        for start in [1, 9, 17] { #expect(Array(bytes[start..<(start + 8)]) == [0, 0, 0, 0, 0, 0, 1, 2]) }
        #expect(Array(bytes[25..<34]) == [0, 0, 0, 0, 0, 0, 0, 3, 1])
    }
}
