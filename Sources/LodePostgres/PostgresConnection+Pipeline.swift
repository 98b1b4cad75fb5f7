import CPQ

/// What the server answered to one statement of a pipeline.
public enum PipelineAnswer: Sendable {
    case done(rows: [[String?]])
    case failed(ServerFailure)
    /// Not run, for an earlier one failed.
    case skipped
    /// All up to the mark is answered.
    case synced
}

/// Many statements on the way before the first one's answer (libpq, “Pipeline Mode”).
///
/// Answers come in the order of what was sent. After a failure everything up to the next mark is skipped;
/// an explicit transaction is aborted by it and stays open. What is sent waits in memory until it can go
/// out, so whoever sends says how much is on the way.
extension PostgresConnection {
    public func beginPipeline() throws(PostgresError) {
        guard PQenterPipelineMode(handle) == 1 else { throw lastError() }
    }

    /// After the answer to the last mark.
    public func endPipeline() throws(PostgresError) {
        guard PQexitPipelineMode(handle) == 1 else { throw lastError() }
    }

    /// The server chooses the types of parameters.
    public func sendPrepare(_ name: String, _ sql: String) throws(PostgresError) {
        guard PQsendPrepare(handle, name, sql, 0, nil) == 1 else { throw lastError() }
    }

    public func sendPrepared(_ name: String, _ parameters: StatementParameters) throws(PostgresError) {
        let sent = parameters.withPointers {
            PQsendQueryPrepared(handle, name, Int32(truncatingIfNeeded: parameters.count), $0, nil, nil, 0)
        }
        guard sent == 1 else { throw lastError() }
    }

    /// One statement, prepared for this once.
    public func send(_ sql: String, _ parameters: StatementParameters = StatementParameters()) throws(PostgresError) {
        let sent = parameters.withPointers {
            PQsendQueryParams(handle, sql, Int32(truncatingIfNeeded: parameters.count), nil, $0, nil, nil, 0)
        }
        guard sent == 1 else { throw lastError() }
    }

    /// The mark up to which a failure skips; what was sent goes out.
    public func sendMark() throws(PostgresError) {
        guard PQpipelineSync(handle) == 1 else { throw lastError() }
    }

    /// The answer to the oldest statement that has none.
    ///
    /// - Parameters:
    ///   - limit: The longest wait for it.
    ///   - wantsRows: Whether its rows are of interest.
    /// - Throws: When the session is of no more use.
    public func nextAnswer(within limit: Duration, wantsRows: Bool = false) throws(PostgresError) -> PipelineAnswer {
        let deadline = Monotonic.now() + limit
        try awaitResult(until: deadline, limit: limit)
        guard let result = PQgetResult(handle) else {
            throw PostgresError("the connection was lost", verdict: .retry)
        }
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        if status == PGRES_PIPELINE_SYNC { return .synced }
        let answer: PipelineAnswer
        switch status {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            answer = .done(rows: wantsRows ? Self.rows(result) : [])
        case PGRES_PIPELINE_ABORTED:
            answer = .skipped
        case PGRES_FATAL_ERROR:
            answer = .failed(failure(of: result))
        default:
            throw PostgresError("a statement wants to copy data, which no one gives it", verdict: .stop)
        }
        // The end of the statement's results.
        try awaitResult(until: deadline, limit: limit)
        if let more = PQgetResult(handle) {
            PQclear(more)
            throw PostgresError("the server gave two results for one statement", verdict: .retry)
        }
        return answer
    }

    /// Whether a transaction is open that can only be rolled back.
    public var isInFailedTransaction: Bool { PQtransactionStatus(handle) == PQTRANS_INERROR }

    private func failure(of result: OpaquePointer) -> ServerFailure {
        guard let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))),
            let message = PQresultErrorField(result, Int32(UInt8(ascii: "M")))
        else { return ServerFailure(sqlState: nil, message: lastError().message) }
        let line = String(cString: message).split(whereSeparator: \.isNewline).joined(separator: " ")
        return ServerFailure(sqlState: String(cString: state), message: line)
    }
}
