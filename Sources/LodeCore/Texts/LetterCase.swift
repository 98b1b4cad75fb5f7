/// Upper and lower case of single characters, as `towlower` and `towupper` of a UTF-8 locale have it:
/// one character becomes one. `ß`, whose capital is two letters, stays.
///
/// The mappings are those of Swift's Unicode, which may know letters that a server's older C library
/// does not.
enum LetterCase {
    static func lower(_ character: UInt32) -> UInt32 {
        if character < 0x80 { return character &- 65 < 26 ? character + 32 : character }
        // Unicode's simple mapping of İ; its full one, which Swift has, is two characters.
        if character == 0x130 { return 0x69 }
        guard let scalar = Unicode.Scalar(character) else { return character }
        return single(scalar.properties.lowercaseMapping) ?? character
    }

    static func upper(_ character: UInt32) -> UInt32 {
        if character < 0x80 { return character &- 97 < 26 ? character - 32 : character }
        guard let scalar = Unicode.Scalar(character) else { return character }
        // Greek letters with an iota below have a title-case letter for their capital.
        return single(scalar.properties.uppercaseMapping) ?? single(scalar.properties.titlecaseMapping) ?? character
    }

    /// Whether the character goes on a word (`iswalnum`): letters and digits of all scripts.
    static func isOfWord(_ character: UInt32) -> Bool {
        if character < 0x80 { return character &- 48 < 10 || (character | 32) &- 97 < 26 }
        guard let properties = Unicode.Scalar(character)?.properties else { return false }
        return properties.isAlphabetic || properties.generalCategory == .decimalNumber
    }

    private static func single(_ mapping: String) -> UInt32? {
        let scalars = mapping.unicodeScalars
        guard let first = scalars.first, scalars.index(after: scalars.startIndex) == scalars.endIndex else {
            return nil
        }
        return first.value
    }
}
