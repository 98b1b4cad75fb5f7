enum TextFunctionTable {
    static let all: [Function] = []
}
