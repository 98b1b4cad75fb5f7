extension LodeDaemon {
    /// What `lode --version` prints, and what Lode calls itself in its requests.
    public static let version = "0.1.0"
}
