import LodeCore

extension ConfigurationReader {
    static let httpKeys = ["listen", "token_file"]

    /// nil for `http: none`.
    mutating func readHTTP(_ entry: YAMLEntry?) -> HTTPSettings? {
        var http = HTTPSettings()
        guard let entry else { return http }
        guard !entry.value.isNone else { return nil }
        let owner = "“http” (unless it is none)"
        guard let section = readSection(entry, of: owner, keys: Self.httpKeys) else { return http }
        if let token = section["token_file"] { http.tokenFile = readPath(token) }
        guard let listen = section["listen"], let scalar = readText(listen) else { return http }
        guard let address = ListenAddress.parse(scalar.source.text) else {
            error(at: listen.value.place, "\(scalar.quoted) is not an address; \(ListenAddress.advice)")
            return http
        }
        (http.host, http.port) = address
        if !http.isLoopback, section["token_file"] == nil {
            let advice = "add “token_file”, or listen on 127.0.0.1"
            error(at: listen.value.place, "everyone who reaches \(scalar.quoted) could read all events; \(advice)")
        }
        return http
    }
}
