import TestSupport

@testable import LodeCore

/// A part of an expression in Lode's spelling and in the server's.
struct OraclePiece {
    var ours: String
    var sql: String

    init(_ both: String) { (ours, sql) = (both, both) }

    init(ours: String, sql: String) { (self.ours, self.sql) = (ours, sql) }

    static func + (a: OraclePiece, b: OraclePiece) -> OraclePiece {
        OraclePiece(ours: a.ours + b.ours, sql: a.sql + b.sql)
    }

    static func + (a: OraclePiece, b: String) -> OraclePiece { a + OraclePiece(b) }
    static func + (a: String, b: OraclePiece) -> OraclePiece { OraclePiece(a) + b }
}

/// Conditions over two rows: every comparison of every type, with the literals that people write.
struct ConditionGenerator {
    var random: SeededGenerator
    let columns = OracleColumn.all

    /// A fifth of the values are null.
    mutating func row() -> [String?] {
        columns.map { random.percent(20) ? nil : random.one(of: $0.values) }
    }

    /// An expression in both spellings, and the rows to work it out over.
    mutating func question() -> (piece: OraclePiece, row: OracleRow) {
        let new = row()
        // An old value is often the new one.
        let old = zip(row(), new).map { random.percent(50) ? $0 : $1 }
        var piece = OraclePiece("")
        repeat {
            piece = random.percent(4) ? single() : condition(depth: Int.random(in: 0...3, using: &random))
        } while isRefusedOnPurpose(piece.ours)
        return (piece, OracleRow(columns, new: new, old: old))
    }

    /// Whether it orders an enum, which the server can and Lode cannot.
    private func isRefusedOnPurpose(_ text: String) -> Bool {
        do {
            _ = try Expression(SourceText(text), in: OracleRow.scope(columns))
            return false
        } catch {
            return error.all.contains { $0.message.contains("have no order here") }
        }
    }

    mutating func condition(depth: Int) -> OraclePiece {
        guard depth > 0 else { return leaf() }
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1: return operand(depth) + " and " + operand(depth)
        case 2, 3:
            return operand(depth) + " or " + operand(depth)
                + (random.percent(20) ? " or " + operand(depth) : OraclePiece(""))
        case 4: return "not " + operand(depth)
        case 5:
            return operand(depth) + random.one(of: [" is ", " is not ", " IS NOT "])
                + random.one(of: ["true", "false", "unknown", "null"])
        case 6:
            return operand(depth)
                + random.one(of: [" = ", " <> ", " < ", " >= ", " is distinct from ", " is not distinct from "])
                + operand(depth)
        default: return leaf()
        }
    }

    /// Often in parentheses; without them the server's precedences are asked for too.
    private mutating func operand(_ depth: Int) -> OraclePiece {
        let inner = condition(depth: depth - 1)
        return random.percent(65) ? "(" + inner + ")" : inner
    }

    private mutating func leaf() -> OraclePiece {
        let column = random.one(of: columns)
        switch Int.random(in: 0..<20, using: &random) {
        case 0, 1: return reference(column) + random.one(of: [" is null", " is not null", " isnull", " notnull"])
        case 2: return changed(column)
        case 3: return OraclePiece(random.one(of: ["true", "false", "null", "TRUE", "'t'", "'no'"]))
        case 4: return reference(random.one(of: columns.filter { ScalarType($0.definition).family == .boolean }))
        case 5, 6, 7: return membership(column)
        case 8, 9: return between(column)
        case 10: return literal(of: column) + " " + comparator(column) + " " + literal(of: column)
        default:
            let sides = [reference(column), other(column)]
            let isSwapped = random.percent(25)
            return sides[isSwapped ? 1 : 0] + " " + comparator(column) + " " + sides[isSwapped ? 0 : 1]
        }
    }

    private mutating func changed(_ column: OracleColumn) -> OraclePiece {
        OraclePiece(ours: "changed(\(column.name))", sql: "(new.\(column.name) is distinct from old.\(column.name))")
    }

    private mutating func comparator(_ column: OracleColumn) -> String {
        let equalities = ["=", "<>", "!=", "is distinct from", "is not distinct from", "="]
        return random.one(of: column.hasOrder ? equalities + ["<", "<=", ">", ">="] : equalities)
    }

    private mutating func membership(_ column: OracleColumn) -> OraclePiece {
        var list = other(column)
        for _ in 0..<Int.random(in: 0..<4, using: &random) { list = list + ", " + other(column) }
        return reference(column) + random.one(of: [" in (", " not in (", " IN ("]) + list + ")"
    }

    private mutating func between(_ column: OracleColumn) -> OraclePiece {
        guard column.hasOrder else { return reference(column) + " is null" }
        let words = [" between ", " not between ", " between symmetric ", " BETWEEN ASYMMETRIC "]
        return reference(column) + random.one(of: words) + other(column) + " and " + other(column)
    }

    // MARK: - Values

    private mutating func other(_ column: OracleColumn) -> OraclePiece {
        if random.percent(75) { return literal(of: column) }
        // Mostly one that can be compared with it; not oid, of which a negative or a large integer would be an error at run time.
        let kin = columns.filter {
            $0.name == column.name
                || $0.name != "ref" && column.name != "ref"
                    && Comparison(ScalarType($0.definition), ScalarType(column.definition)) != nil
        }
        return reference(
            random.percent(95) || column.name == "ref"
                ? random.one(of: kin) : random.one(of: columns.filter { $0.hasOrder && $0.name != "ref" }))
    }

    private mutating func reference(_ column: OracleColumn) -> OraclePiece {
        if random.percent(30) { return OraclePiece("old.\(column.name)") }
        let prefix = random.one(of: ["", "", "new.", "t.", "NEW."])
        return OraclePiece(ours: prefix + column.name, sql: "new.\(column.name)")
    }

    private static let numbers = [
        "0", "1", "-1", "5", "+5", "5.0", "0.1", "1e2", ".5", "42.", "- 7", "16777217", "2147483648",
        "9007199254740993",
        "9223372036854775808", "-9223372036854775808", "1e30", "1.5E-3", "123456789012345678901234567890.123456789",
    ]

    private mutating func literal(of column: OracleColumn) -> OraclePiece {
        if random.percent(8) { return OraclePiece("null") }
        let isNumber = ScalarType(column.definition).reach != nil
        if column.name != "ref", isNumber && random.percent(50) || random.percent(2) {
            return OraclePiece(random.one(of: Self.numbers))
        }
        // Literals that cannot be read are tried, but seldom, for they spoil the whole expression.
        let text = random.percent(40) ? random.one(of: column.values) : readable(column)
        return OraclePiece("'\(ServerOracle.quoted(text))'")
    }

    private mutating func readable(_ column: OracleColumn) -> String {
        let text = random.one(of: column.literals)
        let isReadable = (try? LiteralReader.value(of: Array(text.utf8), as: ScalarType(column.definition))) != nil
        return isReadable || random.percent(15) ? text : random.one(of: column.values)
    }

    /// An expression that is no condition. A cast to text takes a `character`'s spaces away.
    private mutating func single() -> OraclePiece {
        if random.percent(50) {
            return OraclePiece(random.one(of: Self.numbers + ["null", "''", "'it''s'", "-0.0", "007.50"]))
        }
        return reference(random.one(of: columns.filter { $0.name != "code" }))
    }
}

extension SeededGenerator {
    mutating func one<Element>(of choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &self)]
    }

    /// True `times` out of a hundred.
    mutating func percent(_ times: Int) -> Bool { Int.random(in: 0..<100, using: &self) < times }
}
