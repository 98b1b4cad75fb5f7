import Foundation
import LodeDelivery

/// Which addresses may be called, and who says what a name's addresses are.
struct AddressGuard: Sendable {
    /// The addresses of a name, the best first. May block for as long as the system's resolver does.
    var resolve: @Sendable (_ host: String) throws -> [IPAddress]
    var allows: @Sendable (IPAddress) -> Bool

    /// The system's resolver, and none but public addresses.
    static let publicOnly = AddressGuard(resolve: Self.systemAddresses, allows: \.isPublic)

    /// The addresses of a host that may be called, at least one.
    ///
    /// - Throws: ``DeliveryFailure`` when there is none.
    func addresses(of host: String) throws -> [IPAddress] {
        let all = try resolve(host)
        let allowed = all.filter(allows)
        guard allowed.isEmpty else { return allowed }
        let found = all.first.map { $0.text == host ? "" : ", which is \($0.text)," } ?? ""
        throw DeliveryFailure(
            .retry, .peer,
            "\(host)\(found) is not a public address and is not called; correct the url, or set allow_private: true")
    }

    private static func systemAddresses(of host: String) throws -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            throw DeliveryFailure(.retry, .peer, "\(host): \(String(cString: gai_strerror(code)))")
        }
        // SAFETY: the list is the caller's until freeaddrinfo, and each entry's ai_addr is of its ai_family.
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next {
            if entry.pointee.ai_family == AF_INET {
                entry.pointee.ai_addr.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                    found.append(IPAddress(withUnsafeBytes(of: address.pointee.sin_addr) { Array($0) }))
                }
            } else if entry.pointee.ai_family == AF_INET6 {
                entry.pointee.ai_addr.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                    found.append(IPAddress(withUnsafeBytes(of: address.pointee.sin6_addr) { Array($0) }))
                }
            }
            next = entry.pointee.ai_next
        }
        return found
    }
}
