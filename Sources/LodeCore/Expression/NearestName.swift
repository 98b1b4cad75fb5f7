/// The name that was probably meant by a misspelt one; nil when none is near.
///
/// Capitals do not count. A third of the letters may be wrong, but no more than three.
package func nearestName(to name: String, among names: some Sequence<String>) -> String? {
    let written = name.lowercased()
    let most = max(1, min(3, written.unicodeScalars.count / 3))
    var best: (name: String, distance: Int)?
    for candidate in names {
        let distance = editDistance(written, candidate.lowercased())
        if distance <= most, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
}

/// How many letters must be added, dropped, changed or swapped with their neighbour to get from
/// one word to the other (optimal string alignment). Words that cannot be names are far apart.
func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a.unicodeScalars.prefix(101))
    let b = Array(b.unicodeScalars.prefix(101))
    guard a.count <= 100, b.count <= 100 else { return .max }
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 1...a.count {
        var row = [i]
        for j in 1...b.count {
            var least = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                least = min(least, beforeLast[j - 2] + 1)
            }
            row.append(least)
        }
        beforeLast = last
        last = row
    }
    return last[b.count]
}
