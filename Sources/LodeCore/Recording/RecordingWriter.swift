/// Writes a recording in Lode's own format: JSON lines, the header first.
///
///     {"lode":1,"source":"shop",...}
///     {"lsn":"0/16B3748","data":"BEGIN 529"}
///     {"lsn":"0/16B3748","dataBase64":"dGFibGUg..."}    a record that is not UTF-8
///     {"tables":[...]}                                  definitions of tables first met here
///
/// Without state and without I/O: every call appends whole lines to bytes that the caller owns.
public struct RecordingWriter: Sendable {
    public init() {}

    /// Appends the first line.
    public func append(_ header: RecordingHeader, to out: inout [UInt8]) {
        header.append(to: &out)
    }

    /// Appends definitions that hold from here on, for tables that were made or changed after the
    /// recording began.
    public func append(tables: [TableDefinition], to out: inout [UInt8]) {
        JSONText.append("{", to: &out)
        RecordingHeader.append(tables, to: &out)
        JSONText.append("}\n", to: &out)
    }

    /// Appends one record.
    public func append(_ record: Span<UInt8>, lsn: LSN?, to out: inout [UInt8]) {
        JSONText.append("{", to: &out)
        if let lsn {
            JSONText.append("\"lsn\":\"", to: &out)
            lsn.append(to: &out)
            JSONText.append("\",", to: &out)
        }
        if record.isUTF8 {
            JSONText.append("\"data\":", to: &out)
            JSONText.appendQuoted(record, to: &out)
        } else {
            JSONText.append("\"dataBase64\":\"", to: &out)
            Base64.append(record, to: &out)
            JSONText.append("\"", to: &out)
        }
        JSONText.append("}\n", to: &out)
    }
}

extension LSN {
    /// Appends `16/B374D848`.
    func append(to out: inout [UInt8]) {
        Self.append(UInt32(truncatingIfNeeded: rawValue >> 32), to: &out)
        out.append(UInt8(ascii: "/"))
        Self.append(UInt32(truncatingIfNeeded: rawValue), to: &out)
    }

    private static func append(_ half: UInt32, to out: inout [UInt8]) {
        var shift: UInt32 = 28
        while shift > 0, half >> shift == 0 { shift -= 4 }
        while true {
            let digit = UInt8(truncatingIfNeeded: half >> shift) & 15
            out.append(digit < 10 ? 48 + digit : 55 + digit)
            if shift == 0 { return }
            shift -= 4
        }
    }
}
