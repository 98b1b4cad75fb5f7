enum MomentFunctions {
    static let all: [Function] = []
}
