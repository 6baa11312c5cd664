/// Where the operator's page is, and who may see and do what there.
///
/// It has a listener of its own, so that clients of the gateway never reach it. Without roles and without `admin_key_env` no key
/// is asked for, and then only this machine is let in.
package struct AdminConfiguration: Sendable, Hashable {
  /// What somebody may do; each may what those before it may.
  package enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Look at everything.
    case read
    /// Rate responses.
    case rate
    /// Start, complete and abort a canary, roll back, reload, test alerts.
    case administer

    package static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .read: 0
      case .rate: 1
      case .administer: 2
      }
    }
  }

  /// Who holds a key of the page.
  package struct Holder: Sendable, Hashable {
    /// Where the key is known from: never the key itself.
    package enum Key: Sendable, Hashable {
      case variable(String)
      /// SHA-256 in lower-case hexadecimal.
      case sha256(String)
    }

    package var name: String
    package var key: Key
    package var role: Role

    package init(name: String, key: Key, role: Role) { (self.name, self.key, self.role) = (name, key, role) }
  }

  package var listen = ListenAddress(host: "127.0.0.1", port: 9090)

  /// In the file's order, each name once.
  package var holders: [Holder] = []

  /// Names that browsers may call the page by, beside those of this machine and the address that it listens on.
  package var allowedHosts: [String] = []

  package init() {}
}
