#if RabbitMQ
    import Foundation
    import LodeConfiguration
    import LodeDelivery
    import TestSupport
    import Testing

    @testable import LodeBrokers

    extension RabbitMQTests {
        /// Servers that are away, hang, break off, talk nonsense, or let nobody in.
        struct Faults {
            private let name = RabbitMQFixture.name()
            private let some = (0..<20).map { SampleEvent(key: "\($0)", data: "\($0)") }
            private let values = (0..<20).map { "\($0)" }
            private let quick = RabbitMQLimits(
                connect: .seconds(3), answer: .seconds(2), write: .seconds(2), heartbeat: .seconds(20))

            private func handler(
                port: Int, login: String = "", path: String = "", limits: RabbitMQLimits? = nil
            ) -> RabbitMQHandler {
                RabbitMQHandler(
                    RabbitMQSettings(url: "amqp://\(login)127.0.0.1:\(port)\(path)", exchange: name),
                    limits: limits ?? quick)
            }

            private func queue() throws -> TemporaryRabbitMQ {
                let server = try RabbitMQFixture.shared.get()
                try server.addQueue(name)
                return server
            }

            @Test func nobodyListens() async throws {
                let handler = handler(port: 1)
                let verdicts = await handler.verdicts(try SampleEvents.batch(some))
                #expect(Set(verdicts).count == 1)
                #expect(verdicts[0].hasPrefix("retry peer: 127.0.0.1:1: cannot be connected: "))
                await handler.close()
            }

            @Test func aNameThatNobodyKnows() async throws {
                let settings = RabbitMQSettings(url: "amqp://user:secret@rabbit.invalid", exchange: "a")
                let handler = RabbitMQHandler(settings, limits: quick)
                let verdicts = await handler.verdicts(try SampleEvents.batch([SampleEvent()]))
                #expect(verdicts[0].hasPrefix("retry peer: rabbit.invalid:5672: "))
                #expect(!verdicts[0].contains("secret"))
                await handler.close()
            }

            @Test func aWrongPasswordAndAWrongVirtualHost() async throws {
                let server = try queue()
                var handler = handler(port: server.port, login: "guest:guessed@")
                var verdicts = await handler.verdicts(try SampleEvents.batch([SampleEvent()]))
                #expect(verdicts[0].contains("403 ACCESS_REFUSED - Login was refused"), "\(verdicts)")
                #expect(verdicts[0].hasPrefix("retry peer: "))
                #expect(!verdicts[0].contains("guessed"))
                await handler.close()
                handler = self.handler(port: server.port, path: "/nowhere")
                verdicts = await handler.verdicts(try SampleEvents.batch([SampleEvent()]))
                #expect(verdicts[0].contains("530 NOT_ALLOWED - vhost nowhere not found"), "\(verdicts)")
                #expect(verdicts[0].hasPrefix("retry peer: "))
                await handler.close()
            }

            @Test func aServerThatHangs() async throws {
                let server = try queue()
                let proxy = try FaultProxy(toPort: server.port)
                let handler = handler(port: proxy.port)
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent(data: "-1")])) == ["done"])
                proxy.set(.frozen)
                let batch = try SampleEvents.batch(some, first: 2)
                let frozen = await handler.verdicts(batch)
                #expect(
                    frozen.allSatisfy { $0 == "retry peer: 127.0.0.1:\(proxy.port): no confirm within 2.0 seconds" })
                // Nor does it answer to somebody who is new.
                let new = await handler.verdicts(batch)
                #expect(new.allSatisfy { $0.hasPrefix("retry peer: 127.0.0.1:\(proxy.port): ") }, "\(new[0])")
                proxy.set(.forward)
                #expect(Set(await handler.verdicts(batch)) == ["done"])
                await handler.close()
                // Some may be there twice: what hung in between arrived after all.
                #expect(Set(try server.takeMessages(of: name).map(\.text)) == Set(["-1"] + values))
            }

            /// More than the socket takes: the sending itself hangs.
            @Test func aServerThatReadsNothing() async throws {
                let server = try queue()
                let proxy = try FaultProxy(toPort: server.port)
                let handler = handler(port: proxy.port)
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent(data: "-1")])) == ["done"])
                proxy.set(.frozen)
                let large = "\"" + String(repeating: "x", count: 900_000) + "\""
                let batch = try SampleEvents.batch((0..<30).map { SampleEvent(key: "\($0)", data: large) }, first: 2)
                let frozen = await handler.verdicts(batch)
                #expect(frozen.allSatisfy { $0.hasPrefix("retry peer: ") }, "\(frozen.first ?? "")")
                // Cancelled while it hangs there.
                let delivering = Task { await handler.verdicts(batch) }
                try await Task.sleep(for: .milliseconds(200))
                delivering.cancel()
                _ = await delivering.value
                proxy.set(.forward)
                #expect(Set(await handler.verdicts(batch)) == ["done"])
                await handler.close()
            }

            @Test func aConnectionThatIsCut() async throws {
                let server = try queue()
                let proxy = try FaultProxy(toPort: server.port)
                let handler = handler(port: proxy.port, limits: RabbitMQLimits())
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent(data: "-1")])) == ["done"])
                proxy.set(.frozen)
                let cutting = Task {
                    try await Task.sleep(for: .milliseconds(200))
                    proxy.cut()
                    proxy.set(.forward)
                }
                let batch = try SampleEvents.batch(some, first: 2)
                let cut = await handler.verdicts(batch)
                #expect(cut.allSatisfy { $0.hasPrefix("retry peer: 127.0.0.1:\(proxy.port): ") }, "\(cut)")
                try await cutting.value
                #expect(Set(await handler.verdicts(batch)) == ["done"])
                await handler.close()
                #expect(Set(try server.takeMessages(of: name).map(\.text)) == Set(["-1"] + values))
            }

            @Test(arguments: [GarbageServer.Habit.text, .zeros, .silence, .closes])
            func somethingElseListens(habit: GarbageServer.Habit) async throws {
                let server = try GarbageServer(habit)
                let handler = handler(port: server.port)
                let verdicts = await handler.verdicts(try SampleEvents.batch(some))
                #expect(
                    verdicts.allSatisfy { $0.hasPrefix("retry peer: 127.0.0.1:\(server.port): ") }, "\(verdicts[0])")
                await handler.close()
            }

            @Test func cancelled() async throws {
                let server = try queue()
                let proxy = try FaultProxy(toPort: server.port)
                let handler = handler(port: proxy.port, limits: RabbitMQLimits())
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent(data: "-1")])) == ["done"])
                proxy.set(.frozen)
                let batch = try SampleEvents.batch(some, first: 2)
                let delivering = Task { await handler.verdicts(batch) }
                try await Task.sleep(for: .milliseconds(200))
                delivering.cancel()
                #expect(Set(await delivering.value) == ["untried"])
                proxy.set(.forward)
                // Confirms of the past are not taken for the next batch's.
                let other = try SampleEvents.batch([SampleEvent("Other", key: "x", data: "0")], first: 99)
                #expect(await handler.verdicts(other) == ["done"])
                #expect(proxy.accepted >= 1)
                await handler.close()
            }

            @Test func cancelledWhileConnecting() async throws {
                let silent = try GarbageServer(.silence)
                let handler = handler(port: silent.port)
                let batch = try SampleEvents.batch(some)
                let delivering = Task { await handler.verdicts(batch) }
                try await Task.sleep(for: .milliseconds(200))
                delivering.cancel()
                #expect(Set(await delivering.value) == ["untried"])
                await handler.close()
            }

            /// Nothing is sent for three times as long as the server waits for a heartbeat.
            @Test func aConnectionStaysUpWhenIdle() async throws {
                let server = try queue()
                let proxy = try FaultProxy(toPort: server.port)
                var limits = quick
                limits.heartbeat = .seconds(1)
                let handler = handler(port: proxy.port, limits: limits)
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent()])) == ["done"])
                try await Task.sleep(for: .seconds(6))
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent()])) == ["done"])
                #expect(proxy.accepted == 1)
                await handler.close()
                while proxy.open > 0 { try await Task.sleep(for: .milliseconds(20)) }
                // One that was never used, and one that is used again, close too.
                await self.handler(port: server.port).close()
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent()], first: 99)) == ["done"])
                await handler.close()
                await handler.close()
            }

            @Test func tls() async throws {
                let server = try queue()
                var settings = RabbitMQSettings(
                    url: "amqps://localhost:\(server.tlsPort)", exchange: name, caFile: server.certificates.authority)
                func verdict() async throws -> String {
                    let handler = RabbitMQHandler(settings, limits: quick)
                    let verdicts = await handler.verdicts(try SampleEvents.batch([SampleEvent()]))
                    await handler.close()
                    return verdicts[0]
                }
                #expect(try await verdict() == "done")
                // Another name than the certificate's; nobody's certificate; a file that is not there; no TLS.
                // (Another way to write loopback is another name.)
                settings.url = "amqps://127.1:\(server.tlsPort)"
                let stranger = try await verdict()
                #expect(stranger.hasPrefix("retry peer: 127.1:"))
                #expect(stranger.contains("hostname verification failed"), "\(stranger)")
                settings.url = "amqps://127.0.0.1:\(server.tlsPort)"
                print("IP", try await verdict())
                settings.url = "amqps://localhost:\(server.tlsPort)"
                settings.caFile = nil
                #expect(try await verdict().contains("verif"))
                settings.caFile = "/nowhere/ca.crt"
                #expect(try await verdict().contains("ca_file /nowhere/ca.crt cannot be used"))
                settings.caFile = server.certificates.authority
                settings.url = "amqps://localhost:\(server.port)"
                #expect(try await verdict().hasPrefix("retry peer: localhost:"))
            }

            /// In one test, for a server takes ten seconds to start.
            @Test func memoryAlarmAndRestart() async throws {
                let server = try TemporaryRabbitMQ()
                try server.addQueue(name)
                let handler = handler(port: server.port)
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent(data: "-1")])) == ["done"])
                try server.control("set_vm_memory_high_watermark", "0.000001")
                let batch = try SampleEvents.batch(some, first: 2)
                for _ in 0..<2 {
                    let blocked = await handler.verdicts(batch)
                    #expect(
                        blocked.allSatisfy {
                            $0.hasPrefix(
                                "retry peer: 127.0.0.1:\(server.port): connection.blocked for more than 2.0 seconds: ")
                        }, "\(blocked[0])")
                    #expect(blocked[0].contains("memory"))
                }
                // The alarm ends while a batch waits.
                let patient = RabbitMQHandler(RabbitMQSettings(url: server.url, exchange: name))
                let waiting = Task { await patient.verdicts(batch) }
                try await Task.sleep(for: .milliseconds(500))
                try server.control("set_vm_memory_high_watermark", "0.9")
                #expect(Set(await waiting.value) == ["done"])
                #expect(Set(await handler.verdicts(batch)) == ["done"])
                server.stop()
                let down = await handler.verdicts(batch)
                #expect(down.allSatisfy { $0.hasPrefix("retry peer: 127.0.0.1:\(server.port): ") }, "\(down[0])")
                try server.start()
                #expect(Set(await handler.verdicts(try SampleEvents.batch(some, first: 100))) == ["done"])
                // What was confirmed was on disk.
                #expect(Set(try server.takeMessages(of: name).map(\.text)) == Set(["-1"] + values))
                await handler.close()
                await patient.close()
            }
        }
    }
#endif
