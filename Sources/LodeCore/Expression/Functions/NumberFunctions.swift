/// Arithmetic and the functions of numbers (int.c, int8.c, float.c, numeric.c).
enum NumberFunctions {
    static let all = integers + numerics + floats + mixedFloats + formats

    private static let widths: [(type: ScalarType, width: IntegerWidth)] = [
        (.smallint, .smallint), (.integer, .integer), (.bigint, .bigint),
    ]

    // MARK: - Integers

    /// Two of different widths give the wider one.
    private static let integers: [Function] =
        widths.flatMap { left in
            widths.flatMap { right -> [Function] in
                let result = left.width.rawValue > right.width.rawValue ? left : right
                let (types, type, width) = ([left.type, right.type], result.type, result.width)
                return [
                    Function("+", types, type) {
                        .integer(try IntegerArithmetic.add($0.integer(0), $0.integer(1), as: width))
                    },
                    Function("-", types, type) {
                        .integer(try IntegerArithmetic.subtract($0.integer(0), $0.integer(1), as: width))
                    },
                    Function("*", types, type) {
                        .integer(try IntegerArithmetic.multiply($0.integer(0), $0.integer(1), as: width))
                    },
                    Function("/", types, type) {
                        .integer(try IntegerArithmetic.divide($0.integer(0), $0.integer(1), as: width))
                    },
                ]
            }
        }
        + widths.flatMap { type, width in
            [
                Function("%", [type, type], type) {
                    .integer(try IntegerArithmetic.remainder($0.integer(0), $0.integer(1), as: width))
                },
                Function("mod", [type, type], type) {
                    .integer(try IntegerArithmetic.remainder($0.integer(0), $0.integer(1), as: width))
                },
                Function("-", [type], type) { .integer(try IntegerArithmetic.negate($0.integer(0), as: width)) },
                Function("+", [type], type) { $0[0] },
                Function("abs", [type], type) { .integer(try IntegerArithmetic.absolute($0.integer(0), as: width)) },
            ]
        }

    // MARK: - Numeric

    private static func exact(
        _ name: String, _ work: @escaping @Sendable (Numeric, Numeric) throws -> Numeric
    ) -> Function {
        Function(name, [.numeric, .numeric], .numeric) { .numeric(try work($0.numeric(0), $0.numeric(1))) }
    }

    private static func exact(_ name: String, _ work: @escaping @Sendable (Numeric) throws -> Numeric) -> Function {
        Function(name, [.numeric], .numeric) { .numeric(try work($0.numeric(0))) }
    }

    private static let numerics: [Function] = [
        exact("+") { try $0.adding($1) },
        exact("-") { try $0.subtracting($1) },
        exact("*") { try $0.multiplied(by: $1) },
        exact("/") { try $0.divided(by: $1) },
        exact("%") { try $0.remainder(dividingBy: $1) },
        exact("mod") { try $0.remainder(dividingBy: $1) },
        exact("div") { try $0.wholeQuotient(dividingBy: $1) },
        exact("-") { $0.negated },
        exact("+") { $0 },
        exact("abs") { $0.absolute },
        exact("ceil") { try $0.ceiling() },
        exact("ceiling") { try $0.ceiling() },
        exact("floor") { try $0.floor() },
        exact("round") { try $0.rounded(to: 0) },
        exact("trunc") { try $0.truncated(to: 0) },
        exact("sign") { $0.sign },
        exact("sqrt") { try $0.squareRoot() },
        Function("round", [.numeric, .integer], .numeric) { .numeric(try $0.numeric(0).rounded(to: $0.int(1))) },
        Function("trunc", [.numeric, .integer], .numeric) { .numeric(try $0.numeric(0).truncated(to: $0.int(1))) },
        inexactPower("^"), inexactPower("power"), inexactPower("pow"),
    ]

    /// PostgreSQL's has digits that take its own logarithm to find.
    private static func inexactPower(_ name: String) -> Function {
        Function(name, [.type(.numeric), .type(.numeric)], .type(.numeric)) { _ throws(FunctionError) in
            throw FunctionError(
                message: "powers of numeric are not supported; write x * x, or cast to double precision: "
                    + "\(name == "^" ? "x::float8 ^ 2" : "\(name)(x::float8, 2)")")
        }
    }

    // MARK: - Floating point

    private static func float(
        _ name: String, _ work: @escaping @Sendable (Double, Double) throws -> Double
    ) -> Function {
        Function(name, [.double, .double], .double) { .float(try work($0.double(0), $0.double(1))) }
    }

    private static func float(_ name: String, _ work: @escaping @Sendable (Double) throws -> Double) -> Function {
        Function(name, [.double], .double) { .float(try work($0.double(0))) }
    }

    private static func real(_ name: String, _ work: @escaping @Sendable (Float, Float) throws -> Float) -> Function {
        Function(name, [.real, .real], .real) { .float(Double(try work($0.real(0), $0.real(1)))) }
    }

    private static func real(_ name: String, _ work: @escaping @Sendable (Float) -> Float) -> Function {
        Function(name, [.real], .real) { .float(Double(work(try $0.real(0)))) }
    }

    private static let floats: [Function] = [
        float("+") { try FloatArithmetic.add($0, $1) },
        float("-") { try FloatArithmetic.subtract($0, $1) },
        float("*") { try FloatArithmetic.multiply($0, $1) },
        float("/") { try FloatArithmetic.divide($0, $1) },
        float("^") { try FloatArithmetic.power($0, $1) },
        float("power") { try FloatArithmetic.power($0, $1) },
        float("pow") { try FloatArithmetic.power($0, $1) },
        float("-") { -$0 },
        float("+") { $0 },
        float("abs") { $0.magnitude },
        float("ceil") { FloatArithmetic.ceiling($0) },
        float("ceiling") { FloatArithmetic.ceiling($0) },
        float("floor") { FloatArithmetic.floor($0) },
        float("round") { FloatArithmetic.round($0) },
        float("trunc") { FloatArithmetic.truncate($0) },
        float("sign") { FloatArithmetic.sign($0) },
        float("sqrt") { try FloatArithmetic.squareRoot($0) },
        real("+") { try FloatArithmetic.add($0, $1) },
        real("-") { try FloatArithmetic.subtract($0, $1) },
        real("*") { try FloatArithmetic.multiply($0, $1) },
        real("/") { try FloatArithmetic.divide($0, $1) },
        real("-") { -$0 },
        real("+") { $0 },
        real("abs") { $0.magnitude },
    ]

    /// A real beside a double is taken as one; its value is the same.
    private static let mixedFloats: [Function] = [[ScalarType.real, .double], [.double, .real]].flatMap { types in
        floats.filter { ["+", "-", "*", "/"].contains($0.name) && $0.parameters == [.type(.double), .type(.double)] }
            .map { Function($0.name, types.map(Function.Parameter.type), .type(.double), make: $0.make) }
    }

    // MARK: - to_char

    private static func toChar(
        _ type: ScalarType, _ write: @escaping @Sendable (NumberFormat, [Value]) throws -> [UInt8]
    ) -> Function {
        Function("to_char", [.type(type), .type(.text)], .type(.text)) { site throws(FunctionError) in
            let format = try site.prepared(1) { try NumberFormat($0) }
            return Function.body { .text(try write(format($0), $0)) }
        }
    }

    private static let formats: [Function] = [
        toChar(.integer) { try $0.text($1.integer(0), as: .integer) },
        toChar(.bigint) { try $0.text($1.integer(0), as: .bigint) },
        toChar(.numeric) { try $0.text($1.numeric(0)) },
        toChar(.real) { try $0.text($1.real(0)) },
        toChar(.double) { try $0.text($1.double(0)) },
    ]
}

extension Numeric {
    /// `div`: the quotient without its decimals.
    func wholeQuotient(dividingBy other: Numeric) throws(ArithmeticError) -> Numeric {
        guard isFinite, other.isFinite else { return try divided(by: other).truncated(to: 0) }
        // Without the remainder the quotient is whole, so that nothing is rounded.
        return try subtracting(remainder(dividingBy: other)).divided(by: other).truncated(to: 0)
    }
}
