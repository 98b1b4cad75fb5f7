#if NATS
    import Foundation
    import LodeConfiguration
    import LodeCore
    import LodeDelivery
    import TestSupport
    import Testing

    @testable import LodeBrokers

    extension NATSTests {
        /// What a stream gets, and what its answers mean.
        struct Delivery {
            let server: TemporaryNATS
            let word = NATSFixture.word()

            init() throws { server = try NATSFixture.shared.get() }

            private func handler(_ subject: String? = nil, create: Bool = false) -> NATSHandler {
                NATSFixture.handler(server, subject: subject ?? word + ".{type}", create: create)
            }

            @Test func whatArrives() async throws {
                try server.addStream(word, subjects: [word + ".>"])
                let handler = handler()
                let batch = try SampleEvents.batch([
                    SampleEvent(
                        "com.example.Order placed", key: "Zoë \"1\" 100%", data: #"{"total":99.50,"note":"ü\n"}"#,
                        context:
                            #","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","actor":"Ann B""#
                    ),
                    SampleEvent("Plain", key: nil, data: nil),
                    SampleEvent("Null", key: "k", data: "null"),
                ])
                #expect(await handler.verdicts(batch) == ["done", "done", "done"])
                let got = try server.messages(of: word)
                #expect(got.map(\.subject) == [word + ".com.example.Order_placed", word + ".Plain", word + ".Null"])
                #expect(got.map(\.text) == [#"{"total":99.50,"note":"ü\n"}"#, "", "null"])
                #expect(
                    got[0].headers == [
                        "ce-specversion": "1.0", "ce-id": "00000000000003E8-1-com%252Eexample%252EOrder%2520placed",
                        "ce-source": SampleEvents.source, "ce-type": "com.example.Order%20placed",
                        "ce-time": "2023-11-14T22:13:20.000001Z", "ce-subject": "Zo%C3%AB%20%221%22%20100%25",
                        "ce-partitionkey": "Zo%C3%AB%20%221%22%20100%25",
                        "ce-sequence": "00000000000003E8-0000000001-00",
                        "ce-traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        "ce-actor": "Ann%20B", "ce-datacontenttype": "application/json",
                        "content-type": "application/json",
                        "Nats-Msg-Id": "00000000000003E8-1-com%2Eexample%2EOrder%20placed",
                    ])
                #expect(
                    got[1].headers == [
                        "ce-specversion": "1.0", "ce-id": "00000000000003E9-1-Plain", "ce-source": SampleEvents.source,
                        "ce-type": "Plain", "ce-time": "2023-11-14T22:13:20.000002Z",
                        "ce-sequence": "00000000000003E9-0000000001-00", "Nats-Msg-Id": "00000000000003E9-1-Plain",
                    ])
                await handler.close()
            }

            @Test func aRepeatIsDroppedAndDone() async throws {
                try server.addStream(word, subjects: [word + ".>"])
                let handler = handler()
                let batch = try SampleEvents.batch((0..<50).map { SampleEvent(key: "\($0)", data: "\($0)") })
                #expect(Set(await handler.verdicts(batch)) == ["done"])
                #expect(Set(await handler.verdicts(batch)) == ["done"])
                await handler.close()
                // By another connection, too.
                let again = self.handler()
                #expect(Set(await again.verdicts(batch)) == ["done"])
                await again.close()
                #expect(try server.messages(of: word).map(\.text) == (0..<50).map { "\($0)" })
            }

            /// JetStream compares ids alone; that two sources use one id must not lose an event.
            @Test func theSameIDFromAnotherSourceIsNoRepeat() async throws {
                try server.addStream(word, subjects: [word + ".>"])
                let handler = handler()
                let events = [SampleEvent(key: "1"), SampleEvent(key: "2")]
                #expect(await handler.verdicts(try SampleEvents.batch(events)) == ["done", "done"])
                let others = try EventChunk(
                    SampleEvents.blocks(events), after: 0, for: EventFilter(),
                    writers: [1: CloudEventWriter(source: "urn:lode:other:7000000000000000002")], typePrefix: "")
                let verdicts = await handler.verdicts(EventBatch(others))
                #expect(verdicts.allSatisfy { $0.hasPrefix("park event: stream \(word) took it for a repeat") })
                await handler.close()
            }

            @Test func oneKeysEventsKeepTheirOrder() async throws {
                try server.addStream(word, subjects: [word + ".>"])
                let handler = handler()
                // Several calls at once, of other keys, as the engine makes them.
                await withTaskGroup(of: Void.self) { group in
                    for lane in 0..<4 {
                        group.addTask {
                            for round in 0..<25 {
                                let events = (0..<20).map { SampleEvent(key: "\(lane)/\($0)", data: "\(round)") }
                                let first = Int64(lane * 1000 + round * 20 + 1)
                                guard let batch = try? SampleEvents.batch(events, first: first) else { continue }
                                #expect(Set(await handler.verdicts(batch)) == ["done"])
                            }
                        }
                    }
                }
                await handler.close()
                let got = Dictionary(grouping: try server.messages(of: word)) { $0.headers["ce-subject"] ?? "" }
                #expect(got.count == 80)
                for (key, messages) in got {
                    #expect(messages.map(\.text) == (0..<25).map { "\($0)" }, "\(key)")
                }
            }

            @Test func aSubjectWithoutAStream() async throws {
                try server.addStream(word, subjects: [word + ".Known"])
                let handler = handler()
                let verdicts = await handler.verdicts(
                    try SampleEvents.batch([SampleEvent("Unknown", key: "1"), SampleEvent("Known", key: "2")]))
                #expect(
                    verdicts == [
                        "retry event: no stream takes the subject \(word).Unknown (no responders); add it to a stream, "
                            + "or set create: true", "done",
                    ])
                await handler.close()
            }

            @Test func aStreamIsCreated() async throws {
                let handler = handler(create: true)
                let batch = try SampleEvents.batch([SampleEvent("A", key: "1"), SampleEvent("B.C", key: "2")])
                #expect(await handler.verdicts(batch) == ["done", "done"])
                #expect(try server.messages(of: word).map(\.subject) == [word + ".A", word + ".B.C"])
                let stream = try server.python(
                    """
                    config = (await js.stream_info(arguments['stream'])).config
                    print(config.subjects, config.storage, config.duplicate_window)
                    """, arguments: ["stream": word])
                #expect(stream == "['\(word).>'] file 600.0\n")
                #expect(await handler.verdicts(try SampleEvents.batch([SampleEvent("A")], first: 9)) == ["done"])
                await handler.close()
            }

            @Test func aStreamThatCannotBeCreated() async throws {
                try server.addStream(word + "other", subjects: [word + ".A"])
                let handler = handler(create: true)
                let verdicts = await handler.verdicts(
                    try SampleEvents.batch([SampleEvent("A", key: "1"), SampleEvent("B", key: "2")]))
                #expect(verdicts[0] == "done")
                #expect(
                    verdicts[1].hasPrefix(
                        "retry event: stream \(word) for \(word).> cannot be created: subjects overlap"))
                await handler.close()
            }

            @Test func whatIsTooLargeIsParkedBeforeItIsSent() async throws {
                try server.addStream(word, subjects: [word + ".>"])
                let handler = handler()
                // The server's default is 1 MiB, headers included.
                let most = 1 << 20
                func text(_ size: Int) -> String { "\"" + String(repeating: "x", count: size - 2) + "\"" }
                let batch = try SampleEvents.batch([
                    SampleEvent(key: "1", data: text(most - 700)), SampleEvent(key: "2", data: text(most - 100)),
                    SampleEvent(key: "3", data: text(4 * most)), SampleEvent(key: "4"),
                ])
                let verdicts = await handler.verdicts(batch)
                #expect(verdicts[0] == "done")
                #expect(verdicts[1].hasPrefix("park event: the message has "))
                #expect(verdicts[1].hasSuffix("the server's max_payload is 1048576"))
                #expect(verdicts[2].hasPrefix("park event: the message has "))
                #expect(verdicts[3] == "done")
                #expect(try server.messages(of: word).map(\.data.count) == [most - 700, 2])
                await handler.close()
            }

            @Test func aStreamsLimits() async throws {
                try server.addStream(word, subjects: [word + ".Few"], options: ["max_msgs": 1, "discard": "new"])
                try server.addStream(word + "small", subjects: [word + ".Small"], options: ["max_msg_size": 1000])
                let handler = handler()
                let large = "\"" + String(repeating: "x", count: 2000) + "\""
                let verdicts = await handler.verdicts(
                    try SampleEvents.batch([
                        SampleEvent("Few", key: "1"), SampleEvent("Few", key: "2"), SampleEvent("Small", key: "3"),
                        SampleEvent("Small", key: "4", data: large),
                    ]))
                #expect(
                    verdicts == [
                        "done", "retry event: the stream of \(word).Few: maximum messages exceeded (10077)", "done",
                        "park event: message size exceeds maximum allowed (10054) by the stream of \(word).Small",
                    ])
                await handler.close()
            }

            /// Anybody may answer to a subject; only a stream's acknowledgement counts.
            @Test func somebodyElseAnswers() async throws {
                let sign = server.folder + "/" + word
                let answering = Task.detached { [server, word] in
                    try server.python(
                        """
                        answers = [b'hello', b'{}', b'', b'{"stream": "", "seq": 1}', b'{"stream": "x"}']
                        left = len(answers)
                        over = asyncio.Event()
                        async def answer(m):
                            nonlocal left
                            left -= 1
                            await m.respond(answers[left])
                            if left == 0: over.set()
                        await nc.subscribe(arguments['word'] + '.>', cb=answer)
                        await nc.flush()
                        open(arguments['sign'], 'w').close()
                        await over.wait()
                        await nc.flush()
                        """, arguments: ["word": word, "sign": sign])
                }
                while !FileManager.default.fileExists(atPath: sign) { try await Task.sleep(for: .milliseconds(20)) }
                let handler = handler()
                let verdicts = await handler.verdicts(try SampleEvents.batch((0..<5).map { SampleEvent(key: "\($0)") }))
                #expect(
                    verdicts.allSatisfy { $0.hasPrefix("retry event: no acknowledgement from a stream") }, "\(verdicts)"
                )
                _ = try await answering.value
                await handler.close()
            }
        }
    }
#endif
