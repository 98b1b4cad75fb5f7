enum ArrayFunctions {
    static let all: [Function] = []
}
