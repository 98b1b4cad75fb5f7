import LodeConfiguration
import LodeCore
import LodeDelivery
import TestSupport
import Testing

@testable import LodeBrokers

struct RedisAddressTests {
    @Test func readsEveryPart() throws {
        let address = try RedisAddress(url: "rediss://lo%3Ade:p%40ss%2Fw%25rd@redis.example:7000/3")
        #expect(address.host == "redis.example" && address.port == 7000 && address.isTLS && address.database == 3)
        #expect(address.user == "lo:de" && address.password == "p@ss/w%rd")
        #expect(address.name == "redis.example:7000")
    }

    @Test func hasDefaults() throws {
        let address = try RedisAddress(url: "redis://localhost")
        #expect(address == RedisAddress(host: "localhost", port: 6379))
        #expect(try RedisAddress(url: "redis://localhost/") == address)
    }

    @Test func takesAPasswordAlone() throws {
        let address = try RedisAddress(url: "redis://:secret@localhost")
        #expect(address.user == nil && address.password == "secret")
    }

    @Test func takesAnAddressOfVersion6() throws {
        let address = try RedisAddress(url: "redis://[::1]:6380/1")
        #expect(address.host == "::1" && address.port == 6380 && address.name == "[::1]:6380")
    }

    @Test(arguments: [
        "redis://user@localhost", "redis://localhost/shop", "redis://localhost/-1", "redis://localhost/0?x=1",
        "redis://", "redis://:sec%zzret@localhost", "redis://localhost:99999",
    ])
    func refusesWithoutAWordOfTheURL(url: String) {
        let error = #expect(throws: Diagnostic.self) { try RedisAddress(url: url) }
        let message = error?.message ?? ""
        #expect(!message.isEmpty && !message.contains("sec%zz") && !message.contains("99999"))
    }

    @Test func filesOfTLSAreForTLS() {
        #expect(throws: Diagnostics.self) {
            try RedisHandler(RedisSettings(url: "redis://localhost", stream: "s", caFile: "ca.crt"))
        }
        #expect(throws: Diagnostics.self) {
            try RedisHandler(RedisSettings(url: "rediss://localhost", stream: "s", certificateFile: "own.crt"))
        }
    }
}

/// The words are those that redis-server 7.0 answers.
struct RedisVerdictTests {
    @Test(arguments: [
        ("LOADING Redis is loading the dataset in memory", DeliveryFailure.Verdict.retry, DeliveryFailure.Fault.peer),
        ("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", .retry, .peer),
        ("READONLY You can't write against a read only replica.", .retry, .peer),
        ("CLUSTERDOWN The cluster is down", .retry, .peer), ("MOVED 3999 127.0.0.1:6381", .retry, .peer),
        ("NOAUTH Authentication required.", .retry, .peer),
        ("WRONGPASS invalid username-password pair or user is disabled.", .retry, .peer),
        ("OOM command not allowed when used memory > 'maxmemory'.", .retry, .peer),
        ("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist.", .retry, .peer),
        ("NOREPLICAS Not enough good replicas to write.", .retry, .peer),
        ("ERR unknown command 'XADD', with args beginning with: 'shop' '*' 'secret'", .retry, .peer),
        ("WRONGTYPE Operation against a key holding the wrong kind of value", .retry, .event),
        ("NOPERM this user has no permissions to access one of the keys used as arguments", .retry, .event),
        ("ERR something new", .retry, .event), ("", .retry, .event),
        ("ERR Protocol error: invalid bulk length", .park, .event),
    ])
    func anErrorMeansWhatItSays(words: String, verdict: DeliveryFailure.Verdict, fault: DeliveryFailure.Fault) {
        let failure = RedisVerdict.failure(Array(words.utf8))
        #expect(failure.verdict == verdict && failure.fault == fault, "\(failure.reason)")
        #expect(!failure.reason.contains("secret"))
    }

    @Test func aReasonIsOneShortLine() {
        let words = Array("ERR one\r\ntwo\u{1B}[31m".utf8) + [UInt8](repeating: 0x61, count: 5000)
        let reason = RedisVerdict.failure(words).reason
        #expect(reason.utf8.count <= 300 && !reason.contains("\n") && !reason.contains("\u{1B}"))
    }
}
