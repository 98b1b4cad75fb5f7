/// An expression as it was written: a tree whose every node knows where it stands in the text.
///
/// It says nothing of tables or types; the ``Checker`` finds out what the names mean.
public struct Syntax: Hashable, Sendable {
    public let node: Node
    /// In UTF-8 bytes of the source.
    public let range: Range<Int>
    /// Nodes on the longest way down, itself included.
    let height: Int

    public indirect enum Node: Hashable, Sendable {
        case literal(Literal)
        /// `status`, `old.status`
        case path([Name])
        case call(Name, [Syntax])
        /// `+ x` or `- x`.
        case sign(isNegative: Bool, Syntax)
        case not(Syntax)
        /// A whole chain of `and`, so that a long one is no deep tree.
        case all([Syntax])
        case any([Syntax])
        case comparison(ComparisonOperator, Syntax, Syntax, at: Int)
        /// `x is [not] null`, `true`, `false`, `unknown`.
        case test(Syntax, Test, isNegated: Bool)
        case membership(Syntax, [Syntax], isNegated: Bool, at: Int)
        case between(Syntax, Syntax, Syntax, isNegated: Bool, isSymmetric: Bool, at: Int)
        /// `a + b`, `a || b`, `a -> 'b'`: any operator that is no comparison.
        case operation(String, Syntax, Syntax, at: Int)
        /// `a [not] like b`; `ilike` is caseless.
        case like(Syntax, Syntax, escape: Syntax?, isCaseless: Bool, isNegated: Bool, at: Int)
        /// `a = any (b)`, `a <> all (b)`, of an array.
        case quantified(Syntax, ComparisonOperator, Syntax, isAll: Bool, at: Int)
        /// `a::type`, `cast(a as type)`, `type 'text'`.
        case cast(Syntax, TypeName)
        /// `case [subject] when … then … else … end`
        case choice(subject: Syntax?, [Branch], otherwise: Syntax?)
        /// `array[a, b]`
        case array([Syntax])
        /// `a[1]`
        case element(Syntax, Syntax)
    }

    public struct Branch: Hashable, Sendable {
        public let condition: Syntax
        public let value: Syntax
    }

    /// As written, with PostgreSQL's other names for a type replaced by its own.
    public struct TypeName: Hashable, Sendable {
        public let name: String
        /// `numeric(10, 2)`, `varchar(20)`.
        public let modifiers: [Int]
        public let range: Range<Int>
    }

    public enum Literal: Hashable, Sendable {
        case null
        case boolean(Bool)
        /// The digits as written: `42`, `1e5`, `.5`.
        case number([UInt8])
        /// Between the quotes, with doubled quotes made single; its type is the other side's.
        case text([UInt8])
    }

    /// An identifier: folded to lower case unless it was in double quotes.
    public struct Name: Hashable, Sendable {
        public let text: String
        public let isQuoted: Bool
        public let range: Range<Int>
    }

    public enum Test: Hashable, Sendable {
        case null
        case `true`
        case `false`
        /// `is unknown`, SQL's word for a boolean that is null; not our ``Truth/unknown``.
        case unknown
    }

    init(_ node: Node, _ range: Range<Int>) {
        self.node = node
        self.range = range
        height = 1 + node.children.reduce(0) { max($0, $1.height) }
    }
}

extension Syntax.Node {
    var children: [Syntax] {
        switch self {
        case .literal, .path: []
        case .call(_, let arguments): arguments
        case .sign(_, let operand), .not(let operand), .test(let operand, _, _): [operand]
        case .all(let operands), .any(let operands): operands
        case .comparison(_, let left, let right, _): [left, right]
        case .membership(let operand, let items, _, _): [operand] + items
        case .between(let operand, let low, let high, _, _, _): [operand, low, high]
        case .operation(_, let left, let right, _): [left, right]
        case .like(let text, let pattern, let escape, _, _, _): [text, pattern] + (escape.map { [$0] } ?? [])
        case .quantified(let left, _, let right, _, _): [left, right]
        case .cast(let operand, _): [operand]
        case .choice(let subject, let branches, let otherwise):
            [subject, otherwise].compactMap(\.self) + branches.flatMap { [$0.condition, $0.value] }
        case .array(let items): items
        case .element(let array, let index): [array, index]
        }
    }
}
