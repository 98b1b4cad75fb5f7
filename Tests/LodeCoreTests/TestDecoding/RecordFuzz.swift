#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Random numbers that can be had again: `SEED=` in the environment replays a run. SplitMix64.
struct RecordFuzz: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init() {
        let given = getenv("SEED").flatMap { UInt64(String(cString: $0)) }
        seed = given ?? UInt64.random(in: 0..<1_000_000_000)
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<max(1, limit), using: &self) }
    mutating func byte() -> UInt8 { UInt8.random(in: 0...255, using: &self) }

    /// Changes, removes, doubles or inserts a piece, as damage does.
    mutating func mutate(_ bytes: inout [UInt8], from others: [String]) {
        guard !bytes.isEmpty else { return bytes.append(byte()) }
        let at = below(bytes.count)
        switch below(6) {
        case 0: bytes[at] = byte()
        case 1: bytes[at] = Array("'\"[]:, \n.BE()".utf8).randomElement(using: &self)!
        case 2: bytes.remove(at: at)
        case 3: bytes.removeSubrange(at..<min(bytes.count, at + below(20)))
        case 4: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + below(20))], at: below(bytes.count))
        default:
            let other = Array(others[below(others.count)].utf8)
            let start = below(other.count)
            bytes.insert(contentsOf: other[start..<min(other.count, start + below(30))], at: at)
        }
    }
}
