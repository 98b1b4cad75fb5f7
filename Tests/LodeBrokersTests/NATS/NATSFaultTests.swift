#if NATS
    import Foundation
    import LodeConfiguration
    import LodeDelivery
    import TestSupport
    import Testing

    @testable import LodeBrokers

    extension NATSTests {
        /// Servers that are away, hang, break off, talk nonsense, or let nobody in.
        struct Faults {
            private let word = NATSFixture.word()
            private let some = (0..<20).map { SampleEvent(key: "\($0)", data: "\($0)") }
            private let values = (0..<20).map { "\($0)" }
            private let quick = NATSLimits(connect: .seconds(2), answer: .seconds(1), write: .seconds(1))

            private func handler(port: Int, login: String = "", limits: NATSLimits? = nil) -> NATSHandler {
                NATSHandler(
                    NATSSettings(url: "nats://\(login)127.0.0.1:\(port)", subject: word + ".{type}"),
                    limits: limits ?? quick)
            }

            private func stream() throws -> TemporaryNATS {
                let server = try NATSFixture.shared.get()
                try server.addStream(word, subjects: [word + ".>"])
                return server
            }

            @Test func nobodyListens() async throws {
                let handler = handler(port: 1)
                let verdicts = await handler.verdicts(try SampleEvents.batch(some))
                #expect(Set(verdicts).count == 1)
                #expect(verdicts[0].hasPrefix("retry peer: 127.0.0.1:1: "))
                await handler.close()
            }

            @Test func aNameThatNobodyKnows() async throws {
                let settings = NATSSettings(url: "nats://user:secret@nats.invalid:4222", subject: "a")
                let handler = NATSHandler(settings, limits: quick)
                let verdicts = await handler.verdicts(try SampleEvents.batch([SampleEvent()]))
                #expect(verdicts[0].hasPrefix("retry peer: nats.invalid:4222: "))
                #expect(!verdicts[0].contains("secret"))
                await handler.close()
            }

            /// Of several servers one is enough.
            @Test func oneOfSeveralServers() async throws {
                let server = try stream()
                let url = "nats://127.0.0.1:1,\(server.url),nats://127.0.0.1:2"
                let handler = NATSHandler(NATSSettings(url: url, subject: word + ".{type}"), limits: quick)
                #expect(Set(await handler.verdicts(try SampleEvents.batch(some))) == ["done"])
                await handler.close()
            }

            @Test func aServerThatGoesAndComesAgain() async throws {
                let server = try TemporaryNATS()
                try server.addStream(word, subjects: [word + ".>"])
                let handler = handler(port: server.port)
                #expect(Set(await handler.verdicts(try SampleEvents.batch(some))) == ["done"])
                server.stop()
                let down = await handler.verdicts(try SampleEvents.batch(some, first: 100))
                #expect(down.allSatisfy { $0.hasPrefix("retry peer: 127.0.0.1:\(server.port): ") })
                try server.start()
                #expect(Set(await handler.verdicts(try SampleEvents.batch(some, first: 100))) == ["done"])
                #expect(try server.messages(of: word).map(\.text) == values + values)
                await handler.close()
            }

            /// Its answers come after the limit; the repeats are dropped by their ids.
            @Test func aServerThatHangs() async throws {
                let server = try stream()
                let proxy = try FaultProxy(toPort: server.port)
                let handler = handler(port: proxy.port)
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent(data: "-1")])) == ["done"])
                proxy.set(.frozen)
                let frozen = await handler.verdicts(try SampleEvents.batch(some, first: 2))
                #expect(frozen.allSatisfy { $0.contains("no acknowledgement within 1.0 seconds") }, "\(frozen[0])")
                #expect(frozen.allSatisfy { $0.hasPrefix("retry peer: ") })
                // Nor does it answer to somebody who is new.
                let new = await handler.verdicts(try SampleEvents.batch(some, first: 2))
                #expect(new.allSatisfy { $0.hasPrefix("retry peer: 127.0.0.1:\(proxy.port): ") })
                proxy.set(.forward)
                #expect(Set(await handler.verdicts(try SampleEvents.batch(some, first: 2))) == ["done"])
                #expect(try server.messages(of: word).map(\.text) == ["-1"] + values)
                await handler.close()
            }

            /// More than the socket takes: the sending itself hangs, and memory does not grow with attempts.
            @Test func aServerThatReadsNothing() async throws {
                let server = try stream()
                let proxy = try FaultProxy(toPort: server.port)
                let handler = handler(port: proxy.port)
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent(data: "-1")])) == ["done"])
                proxy.set(.frozen)
                let large = "\"" + String(repeating: "x", count: 900_000) + "\""
                let batch = try SampleEvents.batch((0..<30).map { SampleEvent(key: "\($0)", data: large) }, first: 2)
                let frozen = await handler.verdicts(batch)
                #expect(frozen.allSatisfy { $0.hasPrefix("retry peer: ") }, "\(frozen.first ?? "")")
                proxy.set(.forward)
                #expect(Set(await handler.verdicts(batch)) == ["done"])
                #expect(try server.messages(of: word).count == 31)
                await handler.close()
            }

            @Test func aConnectionThatIsCut() async throws {
                let server = try stream()
                let proxy = try FaultProxy(toPort: server.port)
                let handler = handler(port: proxy.port, limits: NATSLimits())
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent(data: "-1")])) == ["done"])
                proxy.set(.frozen)
                let cutting = Task {
                    try await Task.sleep(for: .milliseconds(200))
                    proxy.cut()
                    proxy.set(.forward)
                }
                let cut = await handler.verdicts(try SampleEvents.batch(some, first: 2))
                #expect(
                    cut.allSatisfy { $0.hasPrefix("retry peer: 127.0.0.1:\(proxy.port): the connection ended") },
                    "\(cut)")
                try await cutting.value
                #expect(Set(await handler.verdicts(try SampleEvents.batch(some, first: 2))) == ["done"])
                #expect(try server.messages(of: word).map(\.text) == ["-1"] + values)
                await handler.close()
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
                let server = try stream()
                let proxy = try FaultProxy(toPort: server.port)
                let handler = handler(port: proxy.port, limits: NATSLimits())
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent(data: "-1")])) == ["done"])
                proxy.set(.frozen)
                let batch = try SampleEvents.batch(some, first: 2)
                let delivering = Task { await handler.verdicts(batch) }
                try await Task.sleep(for: .milliseconds(200))
                delivering.cancel()
                #expect(Set(await delivering.value) == ["untried"])
                await handler.close()
            }

            @Test func cancelledWhileConnecting() async throws {
                let silent = try GarbageServer(.silence)
                let handler = handler(port: silent.port, limits: NATSLimits(connect: .seconds(5)))
                let batch = try SampleEvents.batch(some)
                let delivering = Task { await handler.verdicts(batch) }
                try await Task.sleep(for: .milliseconds(200))
                delivering.cancel()
                #expect(Set(await delivering.value) == ["untried"])
                await handler.close()
            }

            @Test func nothingIsLeftBehind() async throws {
                let port = try FaultProxy.freePort()
                let server = try TemporaryNATS(settings: ["http: 127.0.0.1:\(port)"])
                try server.addStream(word, subjects: [word + ".>"])
                func connections() throws -> Int {
                    let script = """
                        import json, sys, urllib.request
                        all = json.load(urllib.request.urlopen(sys.argv[1]))['connections']
                        print(len([c for c in all if c.get('name') == 'lode']))
                        """
                    let out = try Shell.run("python3", ["-c", script, "http://127.0.0.1:\(port)/connz"])
                    return Int(out.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
                }
                let handler = handler(port: server.port)
                #expect(Set(await handler.verdicts(try SampleEvents.batch(some))) == ["done"])
                #expect(try connections() == 1)
                await handler.close()
                while try connections() > 0 { try await Task.sleep(for: .milliseconds(50)) }
                // One that was never used, and one that is used again, close too.
                await self.handler(port: server.port).close()
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent()], first: 99)) == ["done"])
                await handler.close()
                await handler.close()
            }
        }
    }
#endif
