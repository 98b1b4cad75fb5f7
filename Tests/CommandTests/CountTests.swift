import TestSupport
import Testing

/// `--count`: everything is read or translated, and only how much there was is printed.
@Suite(.blocking) struct CountTests {
    private let folder: TemporaryFolder
    private let recording: String
    private let file: String

    init() throws {
        folder = try TemporaryFolder()
        recording = try folder.write(
            """
            BEGIN 529
            table public.t: INSERT: id[integer]:1
            table public.t: INSERT: id[integer]:2
            COMMIT 529
            BEGIN 530
            table public.t: DELETE: id[integer]:1
            COMMIT 530
            BEGIN 531
            table public.t: INSERT: id[integer]:3
            COMMIT 531

            """, to: "recording")
        file = try folder.write(
            """
            sources: { shop: { connection: "host=127.0.0.1 dbname=shop" } }
            events:
              Added: { from: insert into t, key: id }
              AddedAgain: { from: insert into t, key: id, when: id > 1 }
            """, to: "lode.yaml")
    }

    @Test func decodeCountsRecordsAndChanges() throws {
        let output = try LodeProgram.run(["decode", "--count", recording])
        #expect(output.status == 0, "\(output.error)")
        #expect(output.out == "{\"records\":10,\"changes\":4}\n")
    }

    @Test func replayCountsTransactionsAndEvents() throws {
        let output = try LodeProgram.run(["replay", "--count", "-c", file, recording])
        #expect(output.status == 0, "\(output.error)")
        // Three rows were inserted, two of them with a number above 1.
        #expect(output.out == "{\"transactions\":3,\"events\":5}\n")
        let replay = try LodeProgram.run(["replay", "-c", file, recording])
        #expect(replay.out.split(separator: "\n").count == 5)
    }

    @Test func nothingIsTranslatedOfAnEmptyRecording() throws {
        let output = try LodeProgram.run(["replay", "--count", "-c", file, try folder.write("", to: "empty")])
        #expect(output.status == 0, "\(output.error)")
        #expect(output.out == "{\"transactions\":0,\"events\":0}\n")
    }

    @Test func damagedRecordingHasNoCount() throws {
        let damaged = try folder.write(
            "BEGIN 529\ntable public.t: INSERT: id[integer]:1\nCOMMIT 529\nBEGIN 530\ngarbage\n", to: "damaged")
        let output = try LodeProgram.run(["replay", "--count", "-c", file, damaged])
        #expect(output.status == 1)
        #expect(output.out.isEmpty)
        #expect(output.error.contains("\(damaged):5:"), "\(output.error)")
    }
}
