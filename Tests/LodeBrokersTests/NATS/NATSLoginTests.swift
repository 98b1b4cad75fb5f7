#if NATS
    import Foundation
    import LodeConfiguration
    import LodeDelivery
    import TestSupport
    import Testing

    @testable import LodeBrokers

    extension NATSTests {
        /// Who is let in, and whom Lode trusts.
        struct Login {
            private let limits = NATSLimits(connect: .seconds(5), answer: .seconds(3))
            private let one = [SampleEvent("Placed", key: "1", data: "1")]

            private func verdicts(_ settings: NATSSettings, _ events: [SampleEvent]? = nil) async throws -> [String] {
                let handler = NATSHandler(settings, limits: limits)
                let verdicts = await handler.verdicts(try SampleEvents.batch(events ?? one))
                await handler.close()
                return verdicts
            }

            @Test func aWrongPassword() async throws {
                let server = try TemporaryNATS(settings: ["authorization { user: lode, password: right }"])
                try server.addStream("shop", subjects: ["shop.>"], login: "lode:right@")
                func settings(_ login: String) -> NATSSettings {
                    NATSSettings(url: "nats://\(login)127.0.0.1:\(server.port)", subject: "shop.{type}")
                }
                #expect(try await verdicts(settings("lode:right@")) == ["done"])
                for login in ["lode:guessed@", ""] {
                    let refused = try await verdicts(settings(login))
                    #expect(refused[0].hasPrefix("retry peer: 127.0.0.1:\(server.port): "))
                    #expect(refused[0].contains("Authorization Violation"), "\(refused)")
                    #expect(!refused[0].contains("guessed"))
                }
            }

            @Test func aSubjectThatIsNotPermitted() async throws {
                let server = try TemporaryNATS(settings: [
                    """
                    authorization { users: [
                      { user: admin, password: a }
                      { user: lode, password: b, permissions: {
                          publish: ["shop.Placed"], subscribe: ["_INBOX.>"] } }
                    ] }
                    """
                ])
                try server.addStream("shop", subjects: ["shop.>"], login: "admin:a@")
                let settings = NATSSettings(
                    url: "nats://lode:b@127.0.0.1:\(server.port)", subject: "shop.{type}")
                let both = [SampleEvent("Placed", key: "1"), SampleEvent("Secret", key: "2")]
                let verdicts = try await verdicts(settings, both)
                #expect(verdicts[0] == "done")
                #expect(verdicts[1].hasPrefix("retry event: "))
                #expect(verdicts[1].contains("Permissions Violation for Publish to \"shop.Secret\""), "\(verdicts)")
            }

            @Test func withoutJetStream() async throws {
                let server = try TemporaryNATS(jetStream: false)
                var settings = NATSSettings(url: server.url, subject: "shop.{type}")
                #expect(
                    try await verdicts(settings)[0].hasPrefix("retry event: no stream takes the subject shop.Placed"))
                settings.create = true
                #expect(try await verdicts(settings)[0].contains("JetStream is not on"))
            }

            @Test func tls() async throws {
                let folder = try TemporaryFolder()
                let certificates = try TestCertificates(in: folder.path)
                let server = try TemporaryNATS(certificates: certificates)
                var settings = NATSSettings(
                    url: "tls://localhost:\(server.port)", subject: "shop.{type}", create: true,
                    caFile: certificates.authority)
                #expect(try await verdicts(settings) == ["done"])
                // Another name than the certificate's; nobody's certificate; not even TLS asked for.
                // (Another way to write loopback is another name.)
                settings.url = "tls://127.1:\(server.port)"
                let stranger = try await verdicts(settings)[0]
                #expect(stranger.hasPrefix("retry peer: 127.1:"))
                #expect(stranger.contains("hostname mismatch"), "\(stranger)")
                settings.url = "tls://127.0.0.1:\(server.port)"
                print("IP", try await verdicts(settings)[0])
                settings.url = "tls://localhost:\(server.port)"
                settings.caFile = nil
                let untrusted = try await verdicts(settings)
                #expect(untrusted[0].hasPrefix("retry peer: localhost:"))
                #expect(untrusted[0].contains("certificate"), "\(untrusted)")
            }

            @Test func tlsWhereTheServerHasNone() async throws {
                let server = try NATSFixture.shared.get()
                let settings = NATSSettings(url: "tls://localhost:\(server.port)", subject: "a.{type}")
                let verdicts = try await verdicts(settings)
                #expect(verdicts[0].hasPrefix("retry peer: localhost:"), "\(verdicts)")
            }

            @Test func filesThatAreNotThere() async throws {
                let server = try NATSFixture.shared.get()
                var settings = NATSSettings(
                    url: "tls://localhost:\(server.port)", subject: "a.{type}", caFile: "/nowhere/ca.crt")
                #expect(try await verdicts(settings)[0].contains("ca_file"))
                settings = NATSSettings(url: server.url, subject: "a.{type}", credentialsFile: "/nowhere/lode.creds")
                let verdicts = try await verdicts(settings)
                // A server that lets everybody in does not ask for it.
                #expect(verdicts[0].hasPrefix("retry "), "\(verdicts)")
            }

            /// A JWT and a seed, as NATS' own tools write them, made with Python's `nkeys`.
            @Test func credentials() async throws {
                let folder = try TemporaryFolder()
                let out = try Shell.run(
                    "python3", ["-c", Self.operatorScript, folder.path],
                    environment: ["PYTHONPATH": try PythonPackages.folder()])
                let server = try TemporaryNATS(settings: [out])
                var settings = NATSSettings(
                    url: server.url, subject: "shop.{type}", credentialsFile: folder.file("lode.creds"), create: true)
                #expect(try await verdicts(settings) == ["done"])
                settings.credentialsFile = folder.file("stranger.creds")
                let refused = try await verdicts(settings)
                #expect(refused[0].hasPrefix("retry peer: "))
                #expect(refused[0].contains("Authorization Violation"), "\(refused)")
            }

            /// Prints the server's settings and writes two files of credentials: a user's of the server's account,
            /// and one's of an account that it does not know.
            private static let operatorScript = """
                import base64, hashlib, json, os, sys, time
                import nkeys
                from nacl.signing import SigningKey
                def crc16(data):
                    crc = 0
                    for byte in data:
                        crc ^= byte << 8
                        for _ in range(8):
                            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
                            crc &= 0xFFFF
                    return crc.to_bytes(2, 'little')
                def text(raw):
                    return base64.b32encode(raw + crc16(raw)).rstrip(b'=').decode()
                class Pair:
                    def __init__(self, kind):
                        seed = os.urandom(32)
                        self.key = SigningKey(seed)
                        self.public = text(bytes([kind]) + bytes(self.key.verify_key))
                        first = (18 << 3) | (kind >> 5)
                        self.seed = text(bytes([first, (kind & 31) << 3]) + seed)
                    def jwt(self, name, subject, nats):
                        def part(value):
                            raw = value if isinstance(value, bytes) else json.dumps(value).encode()
                            return base64.urlsafe_b64encode(raw).rstrip(b'=').decode()
                        claims = dict(iat=int(time.time()), iss=self.public, name=name, sub=subject, nats=nats)
                        claims['jti'] = base64.b32encode(
                            hashlib.sha512(json.dumps(claims).encode()).digest()[:32]).rstrip(b'=').decode()
                        head = part(dict(typ='JWT', alg='ed25519-nkey')) + '.' + part(claims)
                        return head + '.' + part(self.key.sign(head.encode()).signature)
                OPERATOR, ACCOUNT, USER = 14 << 3, 0, 20 << 3
                limits = dict(subs=-1, data=-1, payload=-1)
                account_limits = dict(limits, imports=-1, exports=-1, wildcards=True, conn=-1, leaf=-1,
                    mem_storage=-1, disk_storage=-1, streams=-1, consumer=-1)
                operator, account, system, other = Pair(OPERATOR), Pair(ACCOUNT), Pair(ACCOUNT), Pair(ACCOUNT)
                def account_jwt(pair, limits):
                    return operator.jwt('a', pair.public, dict(type='account', version=2, limits=limits))
                for file, owner in [('lode', account), ('stranger', other)]:
                    user = Pair(USER)
                    jwt = owner.jwt('lode', user.public, dict(limits, type='user', version=2, pub={}, sub={}))
                    with open(sys.argv[1] + '/' + file + '.creds', 'w') as out:
                        out.write('-----BEGIN NATS USER JWT-----\\n' + jwt + '\\n------END NATS USER JWT------\\n\\n')
                        out.write('-----BEGIN USER NKEY SEED-----\\n' + user.seed + '\\n------END USER NKEY SEED------\\n')
                # The user's key must be one that Python's library takes, too.
                nkeys.from_seed(user.seed.encode())
                print('operator: ' + operator.jwt('o', operator.public, dict(type='operator', version=2)))
                print('system_account: ' + system.public)
                print('resolver: MEMORY')
                print('resolver_preload: { %s: %s, %s: %s }' % (account.public, account_jwt(account, account_limits),
                    system.public, account_jwt(system, dict(account_limits, mem_storage=0, disk_storage=0, streams=0, consumer=0))))
                """
        }
    }
#endif
