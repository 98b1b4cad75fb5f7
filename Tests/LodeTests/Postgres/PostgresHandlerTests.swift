import LodeCore
import LodeDelivery
import LodePostgres
import TestSupport
import Testing

@testable import Lode

@Suite(.blocking) struct PostgresHandlerTests {
    private static let effects = "CREATE TABLE effect (id text, n int)"
    private static let insert = [("*", "insert into public.effect values (:event.id, :n)")]

    private static func events(_ count: Int, key: (Int) -> String = { "k\($0)" }) -> [SampleEvent] {
        (0..<count).map { SampleEvent("A", key: key($0), data: "{\"n\": \($0)}") }
    }

    // MARK: - Values

    @Test func everyTypeIsReadFromItsText() async throws {
        let target = try Target(
            """
            CREATE TABLE t (i int, n numeric, j jsonb, at timestamptz, u uuid, a text[], b boolean, y bytea, x text,
                            whole jsonb, big bigint, d date, missing text, none text);
            """,
            sql: [
                (
                    "*",
                    """
                    insert into public.t values (:i, :n, :j, :at, :u, array(select jsonb_array_elements_text(:a)), :b,
                      decode(:y, 'base64'), :x, :data, :big, :d, :missing, :none)
                    """
                )
            ])
        let data =
            #"{"i":-7,"n":123456789012345678901234567890.1234567890,"j":{"a":[1,null],"b":"é"},"#
            + #""at":"2024-02-29T12:34:56.789012Z","u":"6f1c1b0e-0d2f-4c7e-9d58-1b4f1d2c3e4a","a":["x","y \"z\"",""],"#
            + #""b":true,"y":"AAH/","x":"it's \u00e9\n\"q\" \\ \ud83d\ude00 :x $1","big":9223372036854775807,"#
            + #""d":"2024-02-29","none":null}"#
        let report = try await target.deliver([SampleEvent(data: data)])
        #expect(report.done(of: 1) == 1, "\(report)")
        #expect(
            try target.rows(
                "SELECT i, n, j, at AT TIME ZONE 'UTC', u, a, b, encode(y, 'hex'), big, d, missing, none FROM public.t")
                == [
                    #"-7|123456789012345678901234567890.1234567890|{"a": [1, null], "b": "é"}|2024-02-29 12:34:56.789012|"#
                        + #"6f1c1b0e-0d2f-4c7e-9d58-1b4f1d2c3e4a|{x,"y \"z\"",""}|t|0001ff|9223372036854775807|2024-02-29|null|null"#
                ])
        #expect(try target.rows("SELECT x FROM public.t") == ["it's é\n\"q\" \\ 😀 :x $1"])
        #expect(try target.rows("SELECT whole = $$\(data)$$::jsonb FROM public.t") == ["t"])
    }

    @Test func theEventsOwnFieldsAreThere() async throws {
        let target = try Target(
            "CREATE TABLE t (id text, type text, key text, at timestamptz, source text, data json)",
            sql: [
                (
                    "*",
                    "insert into public.t values (:event.id, :event.type, :event.key, :event.time, :event.source, :data)"
                )
            ])
        _ = try await target.deliver([
            SampleEvent("A", key: "k é", data: "[1, 2]"), SampleEvent("B", key: nil, data: nil),
        ])
        #expect(
            try target.rows("SELECT id, type, key, at AT TIME ZONE 'UTC', source, data FROM public.t ORDER BY id") == [
                "00000000000003E8-1-A|A|k é|2023-11-14 22:13:20.000001|urn:lode:shop:7000000000000000001|[1, 2]",
                "00000000000003E9-1-B|B|null|2023-11-14 22:13:20.000002|urn:lode:shop:7000000000000000001|null",
            ])
    }

    @Test func theFirstPatternThatFitsIsTheEventsSQL() async throws {
        let target = try Target(
            "CREATE TABLE t (what text)",
            sql: [
                ("AB*", "insert into public.t values ('ab')"),
                ("A*", "insert into public.t values ('a1'); insert into public.t values ('a2')"),
            ])
        let report = try await target.deliver([SampleEvent("A"), SampleEvent("ABC"), SampleEvent("C")])
        #expect(report.done(of: 3) == 3)
        #expect(try target.rows("SELECT what FROM public.t") == ["a1", "a2", "ab"])
        // Nothing is kept of an event that has no SQL.
        #expect(try target.rows("SELECT position FROM lode.inbox ORDER BY 1") == ["1", "2"])
        #expect(try await target.deliver([SampleEvent("C")], first: 4).done(of: 1) == 1)
    }

    @Test func theServersSettingsAreTheWritersOwn() async throws {
        let target = try Target(
            "CREATE SCHEMA app; CREATE TABLE app.t (x text)",
            sql: [("*", "insert into t values (:x || '\\n')")])
        try target.database.run("ALTER DATABASE \(target.database.name) SET search_path = app, public")
        try target.database.run("ALTER DATABASE \(target.database.name) SET standard_conforming_strings = off")
        #expect(try await target.deliver([SampleEvent(data: #"{"x":"y"}"#)]).done(of: 1) == 1)
        #expect(try target.rows("SELECT x FROM app.t") == ["y\\n"])
    }

    // MARK: - Once

    @Test func aBatchThatComesAgainHasNoSecondEffect() async throws {
        let target = try Target(Self.effects, sql: Self.insert)
        let events = Self.events(1000)
        #expect(try await target.deliver(events).done(of: 1000) == 1000)
        #expect(try await target.deliver(events).done(of: 1000) == 1000)
        // Another session, and a batch that is cut otherwise.
        let second = try Target(target.database, sql: Self.insert)
        #expect(try await second.deliver(Self.events(1500)).done(of: 1500) == 1500)
        #expect(try target.rows("SELECT count(*), count(DISTINCT id) FROM public.effect") == ["1500|1500"])
    }

    @Test func rowsGoWhenTheFloorHasPassedThem() async throws {
        let target = try Target(Self.effects, sql: Self.insert)
        _ = try await target.deliver(Self.events(10))
        _ = try await target.deliver(Self.events(5), first: 11, floor: 8)
        #expect(try target.rows("SELECT position FROM lode.inbox ORDER BY 1") == (9...15).map { "\($0)" })
        // A session of its own knows from the target where to begin.
        let second = try Target(target.database, sql: Self.insert)
        _ = try await second.deliver(Self.events(1), first: 16, floor: 15)
        #expect(try target.rows("SELECT position FROM lode.inbox") == ["16"])
        #expect(try target.rows("SELECT name, journal, floor FROM lode.subscriber") == ["view|j1|15"])
    }

    @Test func anEventThatWasSetAsideComesOnceToo() async throws {
        let target = try Target(Self.effects, sql: Self.insert)
        _ = try await target.deliver(Self.events(5), first: 10, floor: 9)
        // Positions 3 and 4 had failed; the floor is past them.
        for _ in 0..<2 {
            #expect(try await target.deliver(Self.events(2), first: 3, floor: 14, wasSetAside: true).done(of: 2) == 2)
            _ = try await target.deliver(Self.events(1), first: 20, floor: 14)
        }
        #expect(try target.rows("SELECT count(*), count(DISTINCT id) FROM public.effect") == ["8|8"])
        #expect(try target.rows("SELECT position FROM lode.inbox ORDER BY 1") == ["3", "4", "20"])
        try target.database.run("UPDATE lode.inbox SET kept_until = now() - interval '1 s' WHERE position = 3")
        _ = try await target.deliver(Self.events(1), first: 5, floor: 14, wasSetAside: true)
        #expect(try target.rows("SELECT position FROM lode.inbox ORDER BY 1") == ["4", "5", "20"])
    }

    @Test func aRewindAppliesAnew() async throws {
        let target = try Target(Self.effects, sql: Self.insert)
        _ = try await target.deliver(Self.events(10), floor: 0)
        _ = try await target.deliver(Self.events(1), first: 11, floor: 10)
        #expect(try await target.deliver(Self.events(10), floor: 0, generation: 1).done(of: 10) == 10)
        #expect(try target.rows("SELECT count(*), count(DISTINCT id) FROM public.effect") == ["21|11"])
        // And once only.
        _ = try await target.deliver(Self.events(10), floor: 0, generation: 1)
        #expect(try target.rows("SELECT count(*) FROM public.effect") == ["21"])
        let old = try await target.deliver(Self.events(1), first: 12, generation: 0)
        #expect(old.failure()?.verdict == .pause)
    }

    @Test func anOlderCopyOfTheJournalPauses() async throws {
        let target = try Target(Self.effects, sql: Self.insert)
        _ = try await target.deliver(Self.events(10), floor: 0)
        _ = try await target.deliver(Self.events(1), first: 11, floor: 10)
        let copy = try Target(target.database, sql: Self.insert)
        let report = try await copy.deliver(Self.events(10))
        #expect(report.failure()?.verdict == .pause)
        #expect(report.failure()?.reason.contains("rewind to 11") == true)
        #expect(try target.rows("SELECT count(*) FROM public.effect") == ["11"])
    }

    @Test func anotherJournalAndAnotherSubscriberCountAnew() async throws {
        let target = try Target(Self.effects, sql: Self.insert)
        _ = try await target.deliver(Self.events(3))
        let journal = try Target(target.database, sql: Self.insert, journal: "j2")
        #expect(try await journal.deliver(Self.events(3)).done(of: 3) == 3)
        let subscriber = try Target(target.database, sql: Self.insert, name: "other")
        #expect(try await subscriber.deliver(Self.events(3)).done(of: 3) == 3)
        #expect(try target.rows("SELECT count(*) FROM public.effect") == ["9"])
    }

    @Test func twoAtOnceApplyOnce() async throws {
        let target = try Target(Self.effects, sql: Self.insert)
        let other = try Target(target.database, sql: Self.insert)
        for round in 0..<30 {
            let first = Int64(round * 20 + 1)
            async let one = target.deliver(Self.events(20), first: first)
            async let two = other.deliver(Self.events(20), first: first)
            #expect(try await one.done(of: 20) == 20)
            #expect(try await two.done(of: 20) == 20)
        }
        #expect(try target.rows("SELECT count(*), count(DISTINCT id) FROM public.effect") == ["600|600"])
    }
}
