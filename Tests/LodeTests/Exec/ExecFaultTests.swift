import Foundation
import LodeDelivery
import TestSupport
import Testing

@testable import Lode

/// Programs that die, hang, babble, or do not want to end.
@Suite(.blocking) struct ExecFaultTests {
    private static func batch(_ keys: String..., first: Int64 = 1) throws -> EventBatch {
        try SampleEvents.batch(keys.map { SampleEvent(key: $0) }, first: first)
    }

    @Test func aProgramThatIsNotThereIsThePeersFault() async throws {
        let programs = try ExecPrograms()
        for command in [["/nowhere/handler"], ["no-such-program-anywhere"], ["/etc/passwd"]] {
            let handler = programs.handler(command)
            for _ in 0..<2 {
                let failure = try #require(await handler.deliver(Self.batch("a")).firstFailure)
                #expect(failure.fault == .peer && failure.verdict == .retry)
                #expect(failure.reason.hasPrefix("\(command[0]) cannot be started: "), "\(failure.reason)")
            }
            await handler.close()
        }
    }

    /// However its end and the batch meet: it never looks as if nothing had happened.
    @Test(arguments: ["exit 3", "sleep 0.01; exit 3", "exec 0<&-; sleep 0.05; exit 3"])
    func aProgramThatEndsBeforeItReadsIsThePeersFault(script: String) async throws {
        let programs = try ExecPrograms()
        let handler = programs.shell(script)
        for _ in 0..<20 {
            let report = await handler.deliver(try Self.batch("a", "b"))
            let failure = try #require(report.firstFailure)
            #expect(failure.fault == .peer && failure.reason.contains("exit code 3"), "\(failure.reason)")
        }
        await handler.close()
    }

    @Test func aProgramThatDiesLeavesItsEventToBlameAndStartsAnew() async throws {
        let programs = try ExecPrograms()
        let handler = try programs.python(
            before: "note('started')",
            "if event['subject'] == 'bad': raise ValueError('not this one')\nanswer(ok=True)")
        for _ in 0..<2 {
            let report = await handler.deliver(try Self.batch("a", "bad", "c"))
            #expect(report.words == ["done", "retry event", "untried"])
            #expect(report.firstFailure?.reason == "the program ended with exit code 1 before it answered")
        }
        #expect(await handler.deliver(try Self.batch("c")).words == ["done"])
        #expect(programs.notes == ["started", "started", "started"])
        #expect(programs.log.lines.contains("ValueError: not this one"))
        await handler.close()
    }

    @Test func answersBeforeTheEndCount() async throws {
        let programs = try ExecPrograms()
        let handler = try programs.python(
            "answer(ok=True)\nif event['subject'] == 'c': os.kill(os.getpid(), signal.SIGKILL)")
        #expect(await handler.deliver(try Self.batch("a", "b", "c")).words == ["done", "done", "done"])
        // Its end may be noticed only when the next events are written to it: then they come again.
        var words = await handler.deliver(try Self.batch("d", "e")).words
        if words != ["done", "done"] { words = await handler.deliver(try Self.batch("d", "e")).words }
        #expect(words == ["done", "done"])
        await handler.close()
    }

    @Test func aProgramThatEndsWhileIdleIsStartedAnewWithoutAWord() async throws {
        let programs = try ExecPrograms()
        let handler = try programs.python(before: "note(str(os.getpid()))", "answer(ok=True)")
        #expect(await handler.deliver(try Self.batch("a")).words == ["done"])
        let id = try #require(programs.notes.last.flatMap { Int32($0) })
        kill(id, SIGTERM)
        try await eventually("it has ended") { !ExecPrograms.runs(id) }
        // The batch may meet the very moment: then it comes again as if nothing had been.
        var words = await handler.deliver(try Self.batch("b")).words
        if words != ["done"] {
            #expect(words.isEmpty)
            words = await handler.deliver(try Self.batch("b")).words
        }
        #expect(words == ["done"])
        await handler.close()
    }

    @Test func aProgramThatHangsIsEndedAndItsEventBlamed() async throws {
        let programs = try ExecPrograms()
        let handler = try programs.python(
            before: "note(str(os.getpid()))",
            "if event['subject'] == 'bad': time.sleep(1000)\nanswer(ok=True)", timeout: .seconds(2))
        let report = await handler.deliver(try Self.batch("a", "bad", "c"))
        #expect(report.words == ["done", "retry event", "untried"])
        #expect(report.firstFailure?.reason == "the program gave no answer within 2.0 seconds")
        let id = try #require(programs.notes.first.flatMap { Int32($0) })
        #expect(!ExecPrograms.runs(id))
        #expect(await handler.deliver(try Self.batch("c")).words == ["done"])
        await handler.close()
    }

    @Test(arguments: [
        "print('Starting up')", "print('{}')", "answer(ok=True); answer(ok=True)",
        "print(json.dumps({'id': 'another', 'ok': True}))", "sys.stdout.buffer.write(bytes(range(256)) * 10 + b'\\n')",
    ])
    func aProgramThatWritesWhatIsNoAnswerIsEnded(body: String) async throws {
        let programs = try ExecPrograms()
        let handler = try programs.python(
            "if event['subject'] == 'bad':\n    \(body)\n    sys.stdout.flush(); time.sleep(1000)\nanswer(ok=True)")
        let report = await handler.deliver(try Self.batch("a", "bad", "c"))
        #expect(report.words.first == "done" && report.firstFailure?.fault == .event)
        #expect(report.firstFailure?.reason.contains("to its standard output") == true)
        #expect(await handler.deliver(try Self.batch("c")).words == ["done"])
        await handler.close()
    }

    @Test func aLineWithoutEndIsNotKept() async throws {
        let programs = try ExecPrograms()
        let handler = programs.shell("read line; exec yes x | tr -d '\\n'")
        let report = await handler.deliver(try Self.batch("a"))
        #expect(report.words == ["retry event"])
        #expect(report.firstFailure?.reason.contains("more than 1 MB") == true)
        await handler.close()
    }

    @Test func blankLinesDoNotPutOffTheTimeout() async throws {
        let programs = try ExecPrograms()
        let handler = programs.shell("read line; exec yes ''", timeout: .seconds(1))
        let report = await handler.deliver(try Self.batch("a"))
        #expect(report.words == ["retry event"] && report.firstFailure?.reason.contains("no answer") == true)
        await handler.close()
    }

    @Test(arguments: ["exec 1>&-; sleep 1000", "read line; exec 1>&-; sleep 1000"])
    func aProgramThatClosesItsOutputIsEnded(script: String) async throws {
        let programs = try ExecPrograms()
        let handler = programs.shell(script)
        let failure = try #require(await handler.deliver(Self.batch("a")).firstFailure)
        #expect(failure.fault == (script.hasPrefix("read") ? .event : .peer))
        #expect(failure.reason.contains("closed its standard output"), "\(failure.reason)")
        await handler.close()
    }

    // MARK: - The end

    /// A child of the program's own, in its group, that outlives it.
    @Test(arguments: ["", "trap '' TERM HUP INT;", "trap '' TERM; exec 0</dev/null;"])
    func closingLeavesNoProcess(stubborn: String) async throws {
        let programs = try ExecPrograms()
        let notes = programs.folder.file("notes")
        let handler = programs.shell(
            """
            \(stubborn) sleep 1000 & echo $! >> '\(notes)'; echo $$ >> '\(notes)'
            while read -r line; do
                line=${line#*'"id":"'}; echo '{"id":"'"${line%%'"'*}"'","ok":true}'
            done
            sleep 1000
            """, timeout: .seconds(2), grace: .seconds(1))
        _ = await handler.deliver(try Self.batch("a"))
        let ids = programs.notes.compactMap { Int32($0) }
        #expect(ids.count == 2)
        await handler.close()
        // Killed is not gone at once, and an orphan is there until process 1 has heard of its end.
        try await eventually("no process of the group runs") { ids.allSatisfy { !ExecPrograms.runs($0) } }
    }

    @Test func aCleanStopIsTheEndOfStandardInput() async throws {
        let programs = try ExecPrograms()
        let handler = programs.shell(
            """
            trap 'echo term >> \(programs.folder.file("notes"))' TERM
            sed -u 's/.*"id":"\\([^"]*\\)".*/{"id":"\\1","ok":true}/'
            sleep 0.2; echo ended >> \(programs.folder.file("notes"))
            """)
        #expect(await handler.deliver(try Self.batch("a")).words == ["done"])
        await handler.close()
        #expect(programs.notes == ["ended"])
        await handler.close()
    }

    @Test func aCancelledDeliveryReturnsSoonAndItsProgramEndsFirst() async throws {
        let programs = try ExecPrograms()
        let handler = try programs.python(
            "note('begin ' + event['subject'])\nif event['subject'] == 'slow': time.sleep(0.5)\n"
                + "note('end ' + event['subject'])\nanswer(ok=True)")
        let task = Task { [batch = try Self.batch("a", "slow", "c")] in await handler.deliver(batch) }
        try await eventually("it is at the slow one") { programs.notes.contains("begin slow") }
        task.cancel()
        #expect(await task.value.words == ["done", "untried", "untried"])
        // The next one waits until the last one's work is over.
        #expect(await handler.deliver(try Self.batch("d")).words == ["done"])
        let notes = programs.notes
        let over = try #require(notes.firstIndex(of: "end slow"))
        #expect(notes.firstIndex(of: "begin d").map { $0 > over } == true)
        await handler.close()
    }

    @Test func aProgramHasDefaultSignalsAndNoFileOfOurs() async throws {
        let programs = try ExecPrograms()
        let ours = open("/etc/passwd", O_RDONLY)
        defer { close(ours) }
        let handler = programs.shell(
            """
            grep -E 'Sig(Blk|Ign)' /proc/self/status >&2; ls /proc/self/fd >&2
            sed -u 's/.*"id":"\\([^"]*\\)".*/{"id":"\\1","ok":true}/'
            """)
        #expect(await handler.deliver(try Self.batch("a")).words == ["done"])
        await handler.close()
        let lines = programs.log.lines
        #expect(lines.filter { $0.contains("SigBlk") } == ["SigBlk: 0000000000000000"])
        // Signals 32 and 33 are the C library's own, and whether they are ignored is who started the tests' to say.
        let ignored = lines.first { $0.contains("SigIgn") }.flatMap { UInt64($0.suffix(16), radix: 16) }
        #expect(ignored.map { $0 & ~0x1_8000_0000 } == 0)
        // `ls` itself has the folder open as 3.
        #expect(lines.filter { Int($0) != nil } == ["0", "1", "2", "3"])
    }
}
