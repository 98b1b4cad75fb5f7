import LodeConfiguration
import LodeDelivery
import TestSupport
import Testing

@testable import LodeBrokers

@Suite(.blocking) struct RedisTLSTests {
    private static func deliver(
        _ settings: RedisSettings, _ count: Int = 2, answer: Duration = .seconds(10)
    ) async throws -> DeliveryReport {
        let handler = try RedisHandler(settings, times: RedisConnection.Times(answer: answer))
        let report = try await handler.deliver(
            SampleEvents.batch((0..<count).map { SampleEvent(key: "\($0)") }))
        await handler.close()
        return report
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func speaksTLS(host: String) async throws {
        let folder = try TemporaryFolder()
        let certificates = try TestCertificates(in: folder.path)
        let server = try TemporaryRedis(settings: ["requirepass": "secret"], certificates: certificates)
        let settings = RedisSettings(
            url: "rediss://:secret@\(host):\(server.port)", stream: "shop", create: true, caFile: certificates.authority
        )
        #expect(try await Self.deliver(settings, 5000).isDone)
        #expect(try server.entries(of: "shop", password: "secret").count == 5000)
    }

    @Test func showsItsOwnCertificate() async throws {
        let folder = try TemporaryFolder()
        let certificates = try TestCertificates(in: folder.path)
        let server = try TemporaryRedis(settings: ["tls-auth-clients": "yes"], certificates: certificates)
        var settings = RedisSettings(
            url: "rediss://localhost:\(server.port)", stream: "shop", create: true, caFile: certificates.authority)
        #expect(try await Self.deliver(settings).failure?.fault == .peer)
        settings.certificateFile = certificates.clientCertificate
        settings.keyFile = certificates.clientKey
        #expect(try await Self.deliver(settings).isDone)
    }

    @Test func aCertificateOfAStrangerIsRefused() async throws {
        let folder = try TemporaryFolder()
        let certificates = try TestCertificates(in: folder.path)
        let server = try TemporaryRedis(certificates: certificates)
        let failure = try #require(
            await Self.deliver(RedisSettings(url: "rediss://localhost:\(server.port)", stream: "shop")).failure)
        #expect(failure.fault == .peer && failure.reason.contains("ca_file"), "\(failure.reason)")
    }

    @Test func aCertificateOfAnotherNameIsRefused() async throws {
        let folder = try TemporaryFolder()
        let certificates = try TestCertificates(in: folder.path, names: "DNS:elsewhere.example")
        let server = try TemporaryRedis(certificates: certificates)
        for host in ["localhost", "127.0.0.1"] {
            let settings = RedisSettings(
                url: "rediss://\(host):\(server.port)", stream: "shop", caFile: certificates.authority)
            let failure = try #require(await Self.deliver(settings).failure)
            #expect(failure.fault == .peer && failure.reason.contains("another name"), "\(failure.reason)")
        }
    }

    @Test func aServerWithoutTLSIsThePeersFault() async throws {
        let server = try TemporaryRedis()
        // It waits for the end of what is no line to it.
        let settings = RedisSettings(url: "rediss://localhost:\(server.port)", stream: "shop")
        let failure = try #require(await Self.deliver(settings, answer: .seconds(1)).failure)
        #expect(failure.fault == .peer && failure.verdict == .retry)
    }

    @Test func aFileThatIsNotThereIsSaid() async throws {
        let settings = RedisSettings(url: "rediss://localhost:1", stream: "shop", caFile: "/nowhere/ca.crt")
        let failure = try #require(await Self.deliver(settings).failure)
        #expect(failure.fault == .peer && failure.reason.contains("certificates"), "\(failure.reason)")
    }
}
