import LodeCore

/// Replaces `${NAME}` and `${NAME:-default}` by what the environment says.
///
/// As in a shell, the default also stands in for an empty value. `$${` is a literal `${`; any other
/// `$` stands for itself.
struct EnvironmentSubstitution {
    private let environment: [String: String]

    init(_ environment: [String: String]) { self.environment = environment }

    /// The value, no longer verbatim when it had a `${` in it.
    ///
    /// What the environment says may be a secret: it is in no diagnostic.
    func apply(to source: SourceText) throws(Diagnostic) -> SourceText {
        let text = Array(source.text.utf8)
        guard text.contains(UInt8(ascii: "$")) else { return source }
        var result: [UInt8] = []
        var isReplaced = false
        var index = 0
        while index < text.count {
            let rest = text[index...]
            if rest.starts(with: "$${".utf8) {
                result.append(contentsOf: "${".utf8)
                index += 3
                isReplaced = true
            } else if rest.starts(with: "${".utf8) {
                guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
                    let advice = "close it, or write $${ for the two characters ${"
                    throw source.error(atByte: index, "this ${ has no }; \(advice)")
                }
                let value = try value(of: text[(index + 2)..<end], at: index, in: source)
                result.append(contentsOf: value.utf8)
                index = end + 1
                isReplaced = true
            } else {
                result.append(text[index])
                index += 1
            }
        }
        guard isReplaced else { return source }
        return SourceText(String(decoding: result, as: UTF8.self), at: source.place, isVerbatim: false)
    }

    /// The value of what stands between `${` and `}`.
    private func value(
        of reference: ArraySlice<UInt8>, at offset: Int, in source: SourceText
    ) throws(Diagnostic) -> String {
        let nameBytes = reference.prefix { $0.isLetterOrUnderscore || $0.isDigit }
        let name = String(decoding: nameBytes, as: UTF8.self)
        let operation = reference.dropFirst(nameBytes.count)
        let hasDefault = operation.starts(with: ":-".utf8)
        guard let first = nameBytes.first, !first.isDigit, operation.isEmpty || hasDefault else {
            let advice = "write ${NAME} or ${NAME:-default}, or $${ for the two characters ${"
            throw source.error(atByte: offset, "this is not the name of an environment variable; \(advice)")
        }
        let fallback = String(decoding: operation.dropFirst(2), as: UTF8.self)
        guard !fallback.contains("${") else {
            throw source.error(atByte: offset, "a default cannot have a ${ in it; set \(name) instead")
        }
        if let value = environment[name], !(value.isEmpty && hasDefault) { return value }
        guard hasDefault else {
            let advice = "set it, or give a default: ${\(name):-default}"
            throw source.error(atByte: offset, "the environment variable \(name) is not set; \(advice)")
        }
        return fallback
    }
}
