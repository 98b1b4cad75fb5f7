import Foundation
import LodeDelivery
import Logging
import TestSupport
import Testing

@testable import Lode

/// With real programs.
@Suite(.blocking) struct ExecHandlerTests {
    private static func batch(_ keys: [String], first: Int64 = 1) throws -> EventBatch {
        try SampleEvents.batch(keys.map { SampleEvent(key: $0, data: "{\"key\":\"\($0)\"}") }, first: first)
    }

    @Test func aProgramGetsWholeEventsAsLines() async throws {
        let programs = try ExecPrograms()
        let file = programs.folder.file("seen")
        let handler = try programs.python(
            "open('\(file)', 'a').write(line)\nanswer(ok=True)\nnote(os.environ['LODE_SUBSCRIBER'])")
        let batch = try SampleEvents.batch([
            SampleEvent("OrderPlaced", key: "Zoë\n", data: "{\"total\":99.50,\"text\":\"a\\nb\u{2028}\"}"),
            SampleEvent("NothingKnown", data: nil),
        ])
        #expect(await handler.deliver(batch).words == ["done", "done"])
        #expect(Array(programs.folder.text("seen").utf8) == batch.jsonLines)
        #expect(programs.notes == ["stock", "stock"])
        await handler.close()
    }

    @Test func oneProgramTakesManyBatchesInOrder() async throws {
        let programs = try ExecPrograms()
        let handler = try programs.python(
            before: "note(str(os.getpid()))", "note(event['subject'])\nanswer(ok=True)")
        for round in 0..<4 {
            let keys = (0..<256).map { "\(round * 256 + $0)" }
            let report = await handler.deliver(try Self.batch(keys, first: Int64(round * 256 + 1)))
            #expect(report.words == Array(repeating: "done", count: 256))
        }
        #expect(Array(programs.notes.dropFirst()) == (0..<1024).map { "\($0)" })
        await handler.close()
        #expect(handler.traits.keyOrder == .onePerBatch && handler.traits.concurrency == 1)
    }

    @Test func batchesLargerThanAPipeGoThrough() async throws {
        let programs = try ExecPrograms()
        // It reads everything before it answers, and its answers fill the other pipe.
        let handler = programs.shell(
            """
            python3 -c '
            import json, sys
            lines = [sys.stdin.readline() for _ in range(200)]
            for line in lines: print(json.dumps({"id": json.loads(line)["id"], "ok": True, "pad": "x" * 5000}))
            sys.stdout.flush(); sys.stdin.read()'
            """)
        let text = String(repeating: "y", count: 20_000)
        let events = (0..<200).map { SampleEvent(key: "\($0)", data: "\"\(text)\"") }
        #expect(await handler.deliver(try SampleEvents.batch(events)).words == Array(repeating: "done", count: 200))
        await handler.close()
    }

    @Test func whatIsRefusedHoldsUpNoOther() async throws {
        let programs = try ExecPrograms()
        let handler = try programs.python(
            """
            key = event["subject"]
            if key == "1": answer(error="out of stock")
            elif key == "2": answer(error="no such product", park=True)
            elif key == "3": answer(error="too many calls", retry=30)
            else: answer(ok=True)
            """)
        let report = await handler.deliver(try Self.batch(["0", "1", "2", "3", "4"]))
        #expect(report.words == ["done", "retry event", "park event", "retry event", "done"])
        guard case .each(let outcomes) = report, case .failed(let third) = outcomes[3] else {
            return #expect(Bool(false))
        }
        #expect(third.reason == "too many calls" && third.retryAfter == .seconds(30))
        #expect(report.firstFailure?.reason == "out of stock")
        await handler.close()
    }

    @Test func answersInAnotherOrderFindTheirEvents() async throws {
        let programs = try ExecPrograms()
        let handler = programs.shell(
            """
            python3 -uc '
            import json, sys
            events = [json.loads(sys.stdin.readline()) for _ in range(3)]
            for event in reversed(events):
                key = event["subject"]
                print(json.dumps({"id": event["id"], "ok": True} if key != "b" else {"id": event["id"], "error": key}))
            sys.stdin.read()'
            """)
        #expect(await handler.deliver(try Self.batch(["a", "b", "c"])).words == ["done", "retry event", "done"])
        await handler.close()
    }

    @Test func standardErrorGoesToTheLogLineByLine() async throws {
        let programs = try ExecPrograms()
        let handler = try programs.python(
            "print('taking', event['subject'], file=sys.stderr)\nanswer(ok=True)")
        #expect(await handler.deliver(try Self.batch(["a", "b"])).words == ["done", "done"])
        try await eventually("both lines are logged") { programs.log.lines.count == 2 }
        #expect(programs.log.lines == ["taking a", "taking b"])
        #expect(programs.log.metadata.allSatisfy { $0["subscriber"] == "stock" && $0["stream"] == "standard error" })
        await handler.close()
    }

    @Test func aFloodOfErrorsDoesNotFillTheLog() async throws {
        let programs = try ExecPrograms()
        let handler = try programs.python(
            "sys.stderr.write('x' * 10_000_000 + '\\n' + 'line\\n' * 100_000)\nanswer(ok=True)")
        #expect(await handler.deliver(try Self.batch(["a"])).words == ["done"])
        await handler.close()
        #expect(programs.log.lines.count < 2000)
        #expect(programs.log.lines.allSatisfy { $0.utf8.count < 5000 })
    }

    @Test func nothingOfAnEventIsLoggedOrReported() async throws {
        let programs = try ExecPrograms()
        let handler = try programs.python("print('hunter2 is no answer', flush=True)")
        let report = await handler.deliver(
            try SampleEvents.batch([SampleEvent(key: "hunter2", data: "{\"password\":\"hunter2\"}")]))
        #expect(report.firstFailure.map { !$0.reason.contains("hunter2") } == true)
        #expect(!programs.log.lines.joined().contains("hunter2"))
        await handler.close()
    }
}
