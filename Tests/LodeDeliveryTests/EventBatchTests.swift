import LodeCore
import LodeDelivery
import TestSupport
import Testing

struct EventBatchTests {
    private let events = [
        SampleEvent(
            "OrderPlaced", key: "42", data: #"{"total":99.50}"#,
            context: #","correlationid":"c1","traceparent":"00-ab-cd-01""#),
        SampleEvent("CustomerLeft", key: nil, data: nil),
    ]

    @Test func anEventSaysWhatItIs() throws {
        let batch = try SampleEvents.batch(events, first: 7)
        let event = try #require(batch.first)
        #expect(event.position == 7)
        #expect(event.type == "OrderPlaced")
        #expect(event.key.map { String(decoding: $0, as: UTF8.self) } == "42")
        #expect(event.id == "00000000000003EE-1-OrderPlaced")
        #expect(event.sequence == "00000000000003EE-0000000001-00")
        #expect(event.data.map { String(decoding: $0, as: UTF8.self) } == #"{"total":99.50}"#)
        #expect(event.extensions.map(\.name) == ["correlationid", "traceparent"])
        #expect(event.extensions.map(\.value) == ["c1", "00-ab-cd-01"])
        #expect(batch[1].key == nil)
        #expect(batch[1].data == nil)
        #expect(batch[1].extensions.isEmpty)
    }

    @Test func theLinesOfABatchAreTheJSONOfItsEvents() throws {
        let batch = try SampleEvents.batch(events)
        let lines = batch.jsonLines.split(separator: 0x0A).map(Array.init)
        #expect(lines == batch.map(\.json))
        let text = String(decoding: lines[0], as: UTF8.self)
        #expect(text.hasPrefix(#"{"specversion":"1.0","id":"00000000000003E8-1-OrderPlaced","source":"urn:lode:shop:"#))
        #expect(
            text.hasSuffix(
                #","correlationid":"c1","traceparent":"00-ab-cd-01","datacontenttype":"application/json","data":{"total":99.50}}"#
            ))
    }

    @Test func anExtractedEventIsTheSameEvent() throws {
        let blocks = SampleEvents.blocks(events, first: 3)
        let chunk = try SampleEvents.chunk(events, first: 3)
        #expect(EventBatch(chunk)[1].json == (try SampleEvents.batch([events[1]], first: 4))[0].json)
        #expect(blocks.count == 2)
    }
}
