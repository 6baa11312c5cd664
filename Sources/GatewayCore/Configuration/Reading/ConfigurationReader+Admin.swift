extension ConfigurationReader {
  /// Reads where the operator's page is and who may what. Read after `admin_key_env`, whose holder administers too.
  mutating func readAdmin(_ node: ConfigurationNode) {
    guard let map = node.map("listen", "roles", "allowed_hosts") else { return }
    var admin = AdminConfiguration()
    map.set("listen", &admin.listen, read: Self.listenAddress)
    map.set("allowed_hosts", &admin.allowedHosts) { $0.texts("a host such as ockham.example.org") }
    if let roles = map["roles"] { admin.holders = holders(roles) }
    if !admin.listen.isLoopback, admin.holders.isEmpty, configuration.adminKeyVariable == nil {
      node.report(
        expected: "roles with keys, or admin_key_env, for a page that others reach",
        found: "none with listen: \(SecretText.shown(admin.listen.host))",
        remedy: "add roles: {NAME: {key_env: VARIABLE, role: read}}, or listen on 127.0.0.1")
    }
    if admin.listen == configuration.listen, admin.listen.port != 0 {
      node.report(
        expected: "another address than the gateway's own", found: "the same", remedy: "choose another port")
    }
    configuration.admin = admin
  }

  private mutating func holders(_ node: ConfigurationNode) -> [AdminConfiguration.Holder] {
    var holders: [AdminConfiguration.Holder] = []
    for (name, child) in node.entries(of: "a mapping of names") ?? [] {
      guard let holder = holder(name, child) else { continue }
      if holders.contains(where: { $0.name == name }) {
        child.report(expected: "each name once", found: "one that stands above", remedy: "remove one of the two")
      } else if holders.contains(where: { $0.key == holder.key }) {
        child.report(
          expected: "a key that no other name has", found: "one that stands above", remedy: "give each a key of its own"
        )
      }
      holders.append(holder)
    }
    return holders
  }

  private mutating func holder(_ name: String, _ node: ConfigurationNode) -> AdminConfiguration.Holder? {
    guard let map = node.map("key_env", "sha256", "role"),
      let role = map.required("role", "read, rate or administer")?.choice(AdminConfiguration.Role.self)
    else { return nil }
    guard (1...128).contains(name.utf8.count), !name.utf8.contains(0) else {
      node.report(expected: "a name of 1 to 128 bytes", found: "another", remedy: "shorten the name")
      return nil
    }
    switch (map["key_env"], map["sha256"]) {
    case (let variable?, nil):
      guard let variable = self.variable(variable, for: "a key of the operator's page") else { return nil }
      return .init(name: name, key: .variable(variable), role: role)
    case (nil, let hash?): return Self.digest(hash).map { .init(name: name, key: .sha256($0), role: role) }
    default:
      node.report(
        expected: "key_env or sha256, one of the two", remedy: "name the variable that holds the key, or its SHA-256")
      return nil
    }
  }
}
