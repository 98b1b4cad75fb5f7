enum JSONFunctions {
    static let all: [Function] = []
}
