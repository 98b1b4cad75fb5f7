import Testing

@testable import LodeConfiguration

@Suite struct TextTests {
    @Test(arguments: [
        ("200ms", Duration.milliseconds(200)), ("10s", .seconds(10)), ("5m", .seconds(300)), ("2h", .seconds(7200)),
        ("7d", .seconds(604_800)), ("1h30m", .seconds(5400)), ("1m 30s", .seconds(90)), ("10 s", .seconds(10)),
        ("0s", .zero), ("36525d", DurationText.longest),
    ])
    func durationsAreNumbersWithUnits(text: String, expected: Duration) {
        #expect(DurationText.parse(text) == expected)
    }

    @Test(arguments: [
        "", " ", "10", "s", "-1s", "+1s", "1.5s", "10S", "10 seconds", "1s1", "٣s", "36526d", "9223372036854775807d",
        "9223372036854775808ms", "9223372036854775807ms1ms",
    ])
    func whatIsNoDurationIsRefused(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: [
        ("0B", Int64(0)), ("1kB", 1024), ("500MB", 500 << 20), ("10 gb", 10 << 30), ("8388607TB", 8_388_607 << 40),
    ])
    func sizesAreAsInPostgreSQL(text: String, expected: Int64) {
        #expect(SizeText.parse(text) == expected)
    }

    @Test(arguments: ["", "10", "GB", "1.5GB", "-1GB", "10GB5MB", "8388608TB", "10PB", "10GiB"])
    func whatIsNoSizeIsRefused(text: String) {
        #expect(SizeText.parse(text) == nil)
    }

    @Test(arguments: [
        "secret", "SECRET", "client_secret", "db-password", "tokens", "secert", "pasword", "passwordd", "t0ken",
        "conection",
        "secre", "Authorization", "x-api-key",
    ])
    func namesOfSecretsAreKnownAlsoMisspelt(name: String) {
        #expect(SecretLines.isSecretName(name))
    }

    @Test(arguments: ["", "key", "recent", "collection", "secrecy", "taken_at", "token_file", "order", "s", "connect"])
    func otherNamesAreNoSecrets(name: String) {
        #expect(!SecretLines.isSecretName(name))
    }
}
