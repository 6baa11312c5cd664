import Foundation

/// What comes after the proof: the router serves a share of the conversations beside all to the strongest tier until the gateway lets it
/// serve alone, and then a router that is worse gets the same chance and has to be taken out.
extension Loop {
  /// The candidate's share of the conversations, and what may be lost of quality: what the target allows.
  private var canary: [String] { ["--canary", "0.5", "--margin", "\(max(0.01, 1 - options.target))", "--auto"] }
  /// How fast days pass meanwhile: conversations are to end, ratings to come back in time.
  private var pace: Double { 20 }

  /// - Parameter start: what the gateway's clock shows.
  /// - Returns: what it shows at the end.
  func promote(_ report: inout Report, from start: Double) throws -> Double {
    try makeModel("strongest") { $0 == self.world.tiers.count - 1 ? 1 : 0 }
    try makeModel("cheapest") { _ in 1 }
    let registry = file("registry").path
    try run(["promote", file("strongest").path, "--registry", registry])
    try configure(
      decider: "registry: \(registry)\nsessions: {ttl_s: \(pace)}", audit: 0.02,
      usdPerDay: options.labels * 2 * meanStrongestUSD * options.canaryRate * 86_400 / pace)
    // The clock goes on from where it was, at another speed.
    let now = Date().timeIntervalSince1970
    let gateway = try GatewayProcess(options, speed: pace, epoch: (now * pace - start) / (pace - 1))
    defer { gateway.stop() }
    let desk = Desk(endless: conversations)
    let traffic = send(desk, to: gateway, rate: options.canaryRate)
    defer {
      desk.close()
      traffic.wait()
      report.add(desk.seen)
    }
    let serving = try pointer().incumbent
    try run(["promote", file("router").path, "--registry", registry] + canary)
    var begin = desk.count
    try wait(desk, begin) { $0.candidate == nil }
    let decided = try pointer()
    let isPromoted = decided.candidate == nil && decided.incumbent != serving
    if decided.candidate == nil { report.promotedAfter = isPromoted ? desk.count - begin : nil }
    report.falseAlarms += isPromoted || decided.candidate != nil ? 0 : 1
    report.canary = Client(port: gateway.port).get("/admin/promotion")
    if decided.candidate != nil { try run(["promote", "--registry", registry, "--complete"]) }
    if decided.candidate == nil, !isPromoted { try run(["promote", file("router").path, "--registry", registry]) }
    let good = try pointer().incumbent
    try run(["promote", file("cheapest").path, "--registry", registry] + canary)
    begin = desk.count
    try wait(desk, begin) { $0.candidate == nil }
    let after = try pointer()
    if after.candidate == nil, after.incumbent == good { report.abortedAfter = desk.count - begin }
    report.badCanary = Client(port: gateway.port).get("/admin/promotion")
    return start + (Date().timeIntervalSince1970 - now) * pace
  }

  var meanStrongestUSD: Double {
    world.traffic.reduce(0) { $0 + $1.costUSD[world.tiers.count - 1] } / Double(world.traffic.count)
  }

  /// A model that always says the same, trained on a log that does.
  private func makeModel(_ name: String, quality: (Int) -> Double) throws {
    let lines = world.traffic.prefix(300).map { row -> Data in
      let outcomes = Dictionary(
        uniqueKeysWithValues: world.tiers.enumerated().map { index, tier in
          (tier, ["quality": quality(index), "cost_usd": row.costUSD[index]])
        })
      let object: [String: Any] = ["id": row.id, "messages": row.messages, "outcomes": outcomes]
      return (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
    }
    try Data(lines.joined(separator: Data("\n".utf8))).write(to: file("\(name).jsonl"))
    try run(
      ["train", file("\(name).jsonl").path, "--output", file(name).path, "--architecture", "logistic"]
        + world.tiers.flatMap { ["--tier", "\($0)=\($0)"] })
  }

  private func pointer() throws -> (incumbent: String, candidate: String?) {
    let data = try Data(contentsOf: file("registry").appending(path: "pointer.json"))
    let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    return (object["incumbent"] as? String ?? "", object["candidate"] as? String)
  }

  /// Waits until the registry says so, at most for so many requests as the options allow.
  private func wait(
    _ desk: Desk, _ begin: Int, until isOver: ((incumbent: String, candidate: String?)) -> Bool
  ) throws {
    while !isOver(try pointer()), desk.count - begin < options.canaryRequests { Thread.sleep(forTimeInterval: 0.05) }
  }
}
