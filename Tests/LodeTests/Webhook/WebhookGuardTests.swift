import Foundation
import LodeDelivery
import Synchronization
import TestSupport
import Testing

@testable import Lode

/// `allow_private: false`.
@Suite(.blocking, .timeLimit(.minutes(10)))
struct WebhookGuardTests {
    /// However loopback is written: nobody connects to it.
    @Test(arguments: [
        "127.0.0.1", "localhost", "LOCALHOST", "127.1", "0x7f000001", "2130706433", "017700000001", "0.0.0.0", "[::1]",
        "[::ffff:127.0.0.1]", "[::]", "%31%32%37.0.0.1", "user@127.0.0.1",
    ])
    func loopbackIsRefused(host: String) async throws {
        let peer = try HTTPPeer()
        let report = try await Webhooks.deliver(Webhooks.one(), to: peer.url(host: host)) { $0.allowPrivate = false }
        let failure = try #require(report.failure)
        #expect(failure.verdict == .retry)
        #expect(failure.fault == .peer)
        #expect(failure.reason.contains("is not called") || failure.reason.contains("not known"), "\(failure.reason)")
        #expect(peer.accepted == 0)
    }

    @Test func theReasonSaysWhatToDo() async throws {
        let failure = try #require(
            try await Webhooks.deliver(Webhooks.one(), to: "http://10.1.2.3/") { $0.allowPrivate = false }.failure)
        #expect(
            failure.reason
                == "10.1.2.3 is not a public address and is not called; correct the url, or set allow_private: true")
    }

    /// A name is connected to by the address that was checked, whatever it resolves to, with its own name in `Host`.
    @Test func theAddressThatWasCheckedIsConnectedTo() async throws {
        let peer = try HTTPPeer()
        let lookups = Mutex(0)
        let addressGuard = AddressGuard(
            resolve: { host in
                #expect(host == "shop.example")
                lookups.withLock { $0 += 1 }
                return try [#require(IPAddress("10.0.0.1")), #require(IPAddress("127.0.0.1"))]
            }, allows: { $0.text == "127.0.0.1" })
        let handler = try Webhooks.handler(peer.url(host: "shop.example"), addressGuard: addressGuard)
        for _ in 0..<3 {
            let report = await handler.deliver(try Webhooks.one())
            #expect(report.letters == "d", "\(String(describing: report.failure))")
        }
        await handler.close()
        #expect(peer.requests.map { $0["host"] } == Array(repeating: "shop.example:\(peer.port)", count: 3))
        #expect(lookups.withLock { $0 } == 1)
    }

    /// The name means a public address at first, and another one when it is asked again.
    @Test func aNameThatIsReboundIsRefused() async throws {
        let peer = try HTTPPeer { _ in .reset("") }
        let isFirst = Mutex(true)
        let addressGuard = AddressGuard(
            resolve: { _ in
                let isFirst = isFirst.withLock { first in
                    defer { first = false }
                    return first
                }
                return try [#require(IPAddress(isFirst ? "127.0.0.1" : "127.0.0.2"))]
            }, allows: { $0.text == "127.0.0.1" })
        let handler = try Webhooks.handler(peer.url(host: "shop.example"), addressGuard: addressGuard)
        #expect(await handler.deliver(try Webhooks.one()).failure?.fault == .event)
        peer.end()
        // The address is good for a while; when nothing answers there, the name is asked again.
        let down = await handler.deliver(try Webhooks.one()).failure
        #expect(down?.fault == .peer)
        let refused = await handler.deliver(try Webhooks.one()).failure
        #expect(refused?.reason.contains("shop.example, which is 127.0.0.2, is not a public address") == true)
        await handler.close()
    }

    @Test func theNextAddressIsTriedWhenOneIsDown() async throws {
        let peer = try HTTPPeer()
        let addressGuard = AddressGuard(
            resolve: { _ in try [#require(IPAddress("127.0.0.2")), #require(IPAddress("127.0.0.1"))] },
            allows: { _ in true })
        let handler = try Webhooks.handler(peer.url(host: "shop.example"), addressGuard: addressGuard)
        let first = await handler.deliver(try Webhooks.one()).failure
        #expect(first?.reason == "shop.example:\(peer.port): Connection refused")
        #expect(await handler.deliver(try Webhooks.one()).letters == "d")
        #expect(await handler.deliver(try Webhooks.one()).letters == "d")
        await handler.close()
        try await eventually("no connection is left") { peer.open == 0 }
    }

    @Test func aResolverThatHangsIsWaitedForNoLongerThanTheTimeout() async throws {
        let isOver = Mutex(false)
        let lookups = Mutex(0)
        let addressGuard = AddressGuard(
            resolve: { _ in
                lookups.withLock { $0 += 1 }
                while !isOver.withLock({ $0 }) { usleep(1000) }
                return []
            }, allows: { _ in true })
        let handler = try Webhooks.handler("http://shop.example/", addressGuard: addressGuard) {
            $0.timeout = .milliseconds(100)
        }
        for _ in 0..<3 {
            let failure = await handler.deliver(try Webhooks.one()).failure
            #expect(failure == DeliveryFailure(.retry, .peer, "shop.example: the name was not resolved in time"))
        }
        #expect(lookups.withLock { $0 } == 1)
        let task = Task { await handler.deliver(try Webhooks.one()).letters }
        task.cancel()
        #expect(["", "u"].contains(try await task.value))
        await handler.close()
        isOver.withLock { $0 = true }
    }

    /// IANA's registries of special-purpose addresses, and addresses that hide one of version 4.
    @Test(arguments: [
        ("8.8.8.8", true), ("1.1.1.1", true), ("0.1.2.3", false), ("10.255.0.1", false), ("11.0.0.1", true),
        ("100.63.255.255", true), ("100.64.0.0", false), ("100.127.255.255", false), ("100.128.0.0", true),
        ("127.255.255.255", false), ("169.254.169.254", false), ("172.15.255.255", true), ("172.16.0.0", false),
        ("172.31.255.255", false), ("172.32.0.0", true), ("192.0.0.8", false), ("192.0.2.1", false),
        ("192.168.0.1", false), ("198.19.0.1", false), ("198.51.100.1", false), ("203.0.113.1", false),
        ("224.0.0.1", false), ("240.0.0.1", false), ("255.255.255.255", false),
        ("::", false), ("::1", false), ("::8.8.8.8", false), ("::ffff:8.8.8.8", true), ("::ffff:10.0.0.1", false),
        ("::ffff:169.254.169.254", false), ("64:ff9b::808:808", true), ("64:ff9b::a00:1", false),
        ("64:ff9b:1::1", false), ("100::1", false), ("2001::1", false), ("2001:db8::1", false),
        ("2002:808:808::1", false),
        ("2002:7f00:1::1", false), ("2001:4860:4860::8888", true), ("2606:4700::1111", true), ("3fff::1", false),
        ("5f00::1", false), ("fc00::1", false), ("fd12:3456::1", false), ("fe80::1", false), ("fec0::1", false),
        ("ff02::1", false), ("4000::1", false),
    ])
    func publicAddressesAreTold(text: String, isPublic: Bool) throws {
        #expect(try #require(IPAddress(text)).isPublic == isPublic)
    }

    @Test(arguments: ["127.1", "1.2.3", "::g", "", "1.2.3.4.5", "01.2.3.4 ", "::1%lo"])
    func onlyStandardFormsAreAddresses(text: String) { #expect(IPAddress(text) == nil) }

    /// What we let pass is global to Python's registry, too.
    @Test func pythonAgreesOnWhatIsPublic() throws {
        var random = SeededGenerator(for: "public addresses")
        var addresses: [IPAddress] = []
        let starts: [[UInt8]] = [
            [10], [100, 64], [127], [169, 254], [172, 16], [192, 0, 0], [192, 168], [198, 18], [224],
        ]
        for round in 0..<4000 {
            var bytes = (0..<(round.isMultiple(of: 2) ? 4 : 16)).map { _ in UInt8.random(in: 0...255, using: &random) }
            if bytes.count == 4, let start = starts.randomElement(using: &random), Bool.random(using: &random) {
                bytes.replaceSubrange(0..<start.count, with: start)
            }
            if bytes.count == 16 {
                bytes[0] = [0x20, 0x20, 0x26, 0x2A, 0x3F, 0xFC, 0xFE, bytes[0]].randomElement(using: &random) ?? 0
                if bytes[0] == 0x20 { bytes[1] = UInt8.random(in: 0...2, using: &random) }
            }
            addresses.append(IPAddress(bytes))
        }
        let script = "import ipaddress, sys\nfor line in sys.stdin: print(ipaddress.ip_address(line.strip()).is_global)"
        let output = try Shell.capture(
            "/usr/bin/python3", ["-c", script], input: Data(addresses.map { $0.text + "\n" }.joined().utf8))
        let verdicts = output.out.split(separator: "\n")
        #expect(verdicts.count == addresses.count, "\(output.error)")
        for (address, verdict) in zip(addresses, verdicts) where address.isPublic {
            #expect(verdict == "True", "\(address.text), SEED=\(random.seed)")
        }
        #expect(addresses.filter(\.isPublic).count > 500)
    }
}
