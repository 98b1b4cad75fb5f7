enum NumberFunctions {
    static let all: [Function] = []
}
