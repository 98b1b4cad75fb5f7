import Foundation
import Lode
import LodeConfiguration
import Synchronization
import TestSupport

/// A closure in this process.
final class ClosurePeer: ConformancePeer {
    private struct State {
        var ids: [String] = []
        var isAway = false
    }

    private let state = Mutex(State())
    let kind = SubscriberSettings.Kind.swift
    let poison = SampleEvent("Poison", key: "p")

    var closure: (@Sendable (Event) async throws -> Void)? {
        { [self] event in
            try state.withLock { state in
                if state.isAway { throw DeliveryFailure(.retry, .peer, "away") }
                if event.type == "Poison" { throw DeliveryFailure(.park, .event, "poison") }
                state.ids.append(event.id)
            }
        }
    }

    func received() -> [String] { state.withLock { $0.ids } }
    func vanish() { state.withLock { $0.isAway = true } }
    func comeBack() { state.withLock { $0.isAway = false } }
}

/// A file on the disk, which goes away when its folder does.
final class FilePeer: ConformancePeer {
    private let folder: TemporaryFolder
    let kind: SubscriberSettings.Kind

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.file("here"), withIntermediateDirectories: true)
        kind = .file(path: folder.file("here/events.jsonl"))
    }

    /// A file takes everything.
    var poison: SampleEvent { SampleEvent("Poison", key: "p") }

    func received() throws -> [String] {
        try folder.text("here/events.jsonl").split(separator: "\n").compactMap { line in
            (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["id"] as? String
        }
    }

    func vanish() throws { try FileManager.default.moveItem(atPath: folder.file("here"), toPath: folder.file("away")) }
    func comeBack() throws {
        try FileManager.default.moveItem(atPath: folder.file("away"), toPath: folder.file("here"))
    }
}
