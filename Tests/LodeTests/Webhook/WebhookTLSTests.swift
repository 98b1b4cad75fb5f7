import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdHTTP2
import LodeConfiguration
import LodeDelivery
import Logging
import NIOCore
import NIOSSL
import Synchronization
import TestSupport
import Testing

@testable import Lode

@Suite(.blocking, .timeLimit(.minutes(10)))
struct WebhookTLSTests {
    @Test func requestsGoByHTTP2WhereThePeerSpeaksIt() async throws {
        let authority = try Authority(for: "localhost")
        try await withPeer(authority) { peer in
            let batch = try SampleEvents.batch((1...20).map { SampleEvent(key: "k", data: "\($0)") })
            let handler = try Webhooks.handler("https://localhost:\(peer.port)/events") {
                $0.mode = .binary
                $0.caFile = authority.file
                $0.secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
            }
            let report = await handler.deliver(batch)
            #expect(report.letters == String(repeating: "d", count: 20), "\(String(describing: report.failure))")
            await handler.close()
            let seen = peer.seen
            #expect(seen.map(\.body) == (1...20).map { "\($0)" })
            #expect(seen.allSatisfy { $0.isHTTP2 })
            #expect(seen.allSatisfy { $0.host == "localhost:\(peer.port)" && $0.signature.hasPrefix("v1,") })
        }
    }

    @Test func aPeerThatTheSystemDoesNotTrustIsRefused() async throws {
        let authority = try Authority(for: "localhost")
        try await withPeer(authority) { peer in
            let failure = try #require(
                try await Webhooks.deliver(Webhooks.one(), to: "https://localhost:\(peer.port)/events").failure)
            #expect(
                failure
                    == DeliveryFailure(.retry, .peer, "localhost:\(peer.port): TLS: certificate verify failed"))
            #expect(peer.seen.isEmpty)
        }
    }

    @Test func aCertificateOfAnotherNameIsRefused() async throws {
        let authority = try Authority(for: "other.example")
        try await withPeer(authority) { peer in
            let failure = try #require(
                try await Webhooks.deliver(Webhooks.one(), to: "https://localhost:\(peer.port)/events") {
                    $0.caFile = authority.file
                }.failure)
            #expect(failure.fault == .peer)
            #expect(failure.verdict == .retry)
            #expect(failure.reason.contains("TLS"))
            #expect(peer.seen.isEmpty)
        }
    }

    @Test func anAuthoritysFileThatIsNotThereIsThePeersFault() async throws {
        let failure = try #require(
            try await Webhooks.deliver(Webhooks.one(), to: "https://localhost:1/") { $0.caFile = "/nowhere.pem" }
                .failure)
        #expect(failure.fault == .peer)
        #expect(failure.verdict == .retry)
    }

    /// The client connects to an address, and still asks for the name and verifies it.
    @Test func aCheckedAddressIsVerifiedByItsName() async throws {
        let addressGuard = AddressGuard(
            resolve: { _ in try [#require(IPAddress("127.0.0.1"))] }, allows: { _ in true })
        for (name, isTrusted) in [("shop.example", true), ("other.example", false)] {
            let authority = try Authority(for: name)
            try await withPeer(authority) { peer in
                let report = try await Webhooks.deliver(
                    Webhooks.one(), to: "https://shop.example:\(peer.port)/events", addressGuard: addressGuard
                ) { $0.caFile = authority.file }
                #expect(report.letters == (isTrusted ? "d" : "f"))
                #expect(peer.seen.map(\.host) == (isTrusted ? ["shop.example:\(peer.port)"] : []))
            }
        }
    }

    private func withPeer(_ authority: Authority, _ body: (TLSPeer) async throws -> Void) async throws {
        let peer = TLSPeer()
        let application = try peer.application(authority)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            try await eventually("the peer listens") { peer.port != 0 }
            try await body(peer)
            group.cancelAll()
            try? await group.waitForAll()
        }
    }
}

/// A Hummingbird on TLS, HTTP/2 and 1.1 by ALPN, that notes what it gets.
private final class TLSPeer: Sendable {
    struct Seen: Sendable {
        var isHTTP2: Bool
        var host: String
        var signature: String
        var body: String
    }

    private let state = Mutex((port: 0, seen: [Seen]()))

    var port: Int { state.withLock { $0.port } }
    var seen: [Seen] { state.withLock { $0.seen } }

    func application(_ authority: Authority) throws -> some ApplicationProtocol {
        let router = Router(context: ConnectionContext.self)
        router.post("events") { request, context in
            let body = try await request.body.collect(upTo: 1 << 20)
            let signature = HTTPField.Name("webhook-signature").flatMap { request.headers[$0] }
            let seen = Seen(
                isHTTP2: context.isHTTP2, host: request.head.authority ?? "", signature: signature ?? "",
                body: String(buffer: body))
            self.state.withLock { $0.seen.append(seen) }
            return HTTPResponse.Status.noContent
        }
        let tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(authority.certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: authority.key, format: .pem)))
        var logger = Logger(label: "peer")
        logger.logLevel = .critical
        return Application(
            router: router, server: try .http2Upgrade(tlsConfiguration: tls),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in self.state.withLock { $0.port = channel.localAddress?.port ?? 0 } },
            logger: logger)
    }
}

private struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let isHTTP2: Bool

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        // A stream's channel is of a connection's, which is of the listener's.
        isHTTP2 = source.channel.parent?.parent != nil
    }
}

/// A certificate for one name, and the authority that it comes from, made by openssl.
private final class Authority: Sendable {
    private let folder: TemporaryFolder
    var file: String { folder.file("ca.pem") }
    var certificate: String { folder.file("cert.pem") }
    var key: String { folder.file("key.pem") }

    init(for name: String) throws {
        folder = try TemporaryFolder()
        try folder.write("subjectAltName=DNS:\(name)\n", to: "names")
        let new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        try Shell.run(
            "openssl",
            new + ["-x509", "-days", "2", "-subj", "/CN=authority", "-keyout", folder.file("ca.key"), "-out", file])
        try Shell.run(
            "openssl", new + ["-subj", "/CN=peer", "-keyout", key, "-out", folder.file("request.pem")])
        try Shell.run(
            "openssl",
            [
                "x509", "-req", "-days", "2", "-in", folder.file("request.pem"), "-CA", file, "-CAkey",
                folder.file("ca.key"), "-CAcreateserial", "-extfile", folder.file("names"), "-out", certificate,
            ])
    }
}
