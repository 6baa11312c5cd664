import Foundation

/// Plays a whole loop on a world: a gateway that only observes and has no model, labels by shadow asks, a router trained on them, the
/// same gateway with the router still unfollowed, labels where the two disagree, and a replay that says what following it would give.
/// What it says stands beside what is true of requests that were never sent.
struct Loop {
  struct Options {
    var world = ""
    var gateway = ""
    var ockham = ""
    var noise = 0.0
    var seed: UInt64 = 1
    /// Requests a second, and how many days they stand for.
    var rate = 120.0
    var days = 2.0
    /// The dollars for labels, as a share of what all requests cost at the strongest tier.
    var labels = 0.15
    var target = 0.9
    var folder = ""
    var isJSON = false
    var isChecked = false
    /// Requests a second while a canary is watched, and how many it may take at most; 0 leaves the canaries out.
    var canaryRate = 240.0
    var canaryRequests = 20_000
    /// Requests that make a day while drift is watched; 0 leaves that out.
    var driftPerDay = 800
  }

  let options: Options
  let world: World
  let provider: Provider
  let server: Server
  let epoch: Double
  let speed: Double

  init(_ options: Options) throws {
    self.options = options
    world = try World(path: options.world, seed: options.seed)
    let provider = Provider(world, noise: options.noise, seed: options.seed)
    self.provider = provider
    server = Server { provider.answer(to: $0) }
    epoch = Date().timeIntervalSince1970
    speed = options.days * 86_400 / (Double(world.traffic.count) / options.rate)
  }

  private var strongest: String { world.tiers[world.tiers.count - 1] }

  /// What the gateway's clock shows.
  private var now: Double { epoch + (Date().timeIntervalSince1970 - epoch) * speed }

  func play() throws -> Report {
    var report = Report()
    let conversations = self.conversations
    let half = conversations.count / 2
    try configure(model: nil, audit: 0.25)
    var gateway = try GatewayProcess(options, speed: speed, epoch: epoch)
    defer { gateway.stop() }
    report.add(send(conversations[..<half], to: gateway))
    settle(gateway, &report)
    gateway.stop()
    try train()
    let frozen = now
    try configure(model: "router", audit: 0.1)
    gateway = try GatewayProcess(options, speed: speed, epoch: epoch)
    report.add(send(conversations[half...], to: gateway))
    settle(gateway, &report)
    report.gold = rateByHand(report, gateway)
    gateway.stop()
    report.add(try replay(frozen: frozen))
    try configure(model: "router", audit: 0.02, telemetry: nil)
    gateway = try GatewayProcess(options, speed: speed, epoch: epoch)
    report.addedP50 = added(by: gateway)
    gateway.stop()
    var time = now
    if options.canaryRequests > 0 { time = try promote(&report, from: time) }
    if options.driftPerDay > 0 { try drift(&report, from: time) }
    report.add(
      trueValue: try trueValue(), allStrongest: world.traffic.reduce(0) { $0 + $1.costUSD[world.tiers.count - 1] })
    return report
  }

  /// The traffic by conversation, in an order by chance: a log by subjects would be another world in its second half.
  var conversations: [[World.Row]] {
    var places: [String: Int] = [:]
    var all: [[World.Row]] = []
    for row in world.traffic {
      if let place = places[row.conversation] {
        all[place].append(row)
      } else {
        places[row.conversation] = all.count
        all.append([row])
      }
    }
    let keyed = all.map { (Hash.unit("order \(options.seed) \($0[0].conversation)"), $0) }
    return keyed.sorted { $0.0 < $1.0 }.map(\.1)
  }
}

// The gateway's side.
extension Loop {
  private func configure(model: String?, audit: Double, telemetry: String? = "gateway.sqlite") throws {
    let strongestUSD = world.traffic.reduce(0) { $0 + $1.costUSD[world.tiers.count - 1] }
    try configure(
      decider: "model: \(model.map { file($0).path } ?? "null")\nobserve: {tier: \"\(strongest)\"}", audit: audit,
      usdPerDay: strongestUSD * options.labels / options.days, telemetry: telemetry)
  }

  /// - Parameter decider: the configuration's lines that say who decides.
  func configure(
    decider: String, audit: Double, usdPerDay: Double, telemetry: String? = "gateway.sqlite"
  ) throws {
    let prices = Dictionary(
      uniqueKeysWithValues: zip(world.tiers, provider.tokenUSD).map { tier, usd in
        (tier, ["input_cost_per_token": 0, "output_cost_per_token": usd])
      } + [("judge", ["input_cost_per_token": 0, "output_cost_per_token": provider.tokenUSD[0]])])
    try JSONSerialization.data(withJSONObject: prices).write(to: file("prices.json"))
    let tiers = world.tiers.map { "  - {name: \"\($0)\", targets: [{provider: world, model: \"\($0)\"}]}\n" }.joined()
    let yaml = """
      listen: 127.0.0.1:0
      \(decider)
      prices: \(file("prices.json").path)
      providers:
        world: {kind: openai, base_url: "http://127.0.0.1:\(server.port)/v1"}
      tiers:
      \(tiers)targets: [{provider: world, model: judge}]
      shadow:
        usd_per_day: \(max(1e-6, usdPerDay))
        audit: \(audit)
        judge: world/judge
      telemetry: {path: \(telemetry.map { file($0).path } ?? "null"), prompts: full}
      """
    try Data(yaml.utf8).write(to: file("gateway.yaml"))
  }

  func file(_ name: String) -> URL { URL(filePath: options.folder).appending(path: name) }

  /// Sends conversations, each turn after the one before; returns what clients saw.
  private func send(_ conversations: ArraySlice<[World.Row]>, to gateway: GatewayProcess) -> [Report.Seen] {
    let desk = Desk(conversations)
    send(desk, to: gateway, rate: options.rate).wait()
    return desk.seen
  }

  /// Sends what a desk has; returns at once.
  func send(_ desk: Desk, to gateway: GatewayProcess, rate: Double) -> DispatchGroup {
    let workers = 8
    let (group, port) = (DispatchGroup(), gateway.port)
    for _ in 0..<workers {
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        var client = Client(port: port)
        while let next = desk.next() {
          for row in next {
            let start = Date()
            desk.note(client.ask(row, model: "auto"))
            let pause = Double(workers) / rate + start.timeIntervalSinceNow
            if pause > 0 { Thread.sleep(forTimeInterval: pause) }
          }
        }
      }
    }
    return group
  }

  /// Waits until no copy is in progress, and what was recorded is written; then notes what labels there are and what they cost.
  private func settle(_ gateway: GatewayProcess, _ report: inout Report) {
    var text = ""
    func metric(_ name: String) -> Double {
      text.range(of: "\nockham_gateway_\(name) ").flatMap { Double(text[$0.upperBound...].prefix { $0 != "\n" }) } ?? 0
    }
    for _ in 0..<600 {
      text = Client(port: gateway.port).get("/metrics") ?? ""
      let open = ["shadow_runs{state=\"waiting\"}", "shadow_runs{state=\"running\"}", "telemetry_queued"]
      if !text.isEmpty, open.allSatisfy({ metric($0) == 0 }) { break }
      Thread.sleep(forTimeInterval: 0.1)
    }
    report.labels += Int(metric("shadow_labels_total{result=\"rated\"}"))
    report.labelUSD += metric("shadow_usd_total")
  }

  /// What the gateway adds to a request at rest: the median through it less that of the provider alone.
  private func added(by gateway: GatewayProcess) -> Double {
    let rows = world.traffic.prefix(200)
    func median(_ port: UInt16, _ model: String) -> Double {
      var client = Client(port: port)
      let times = rows.map { row in
        let start = DispatchTime.now().uptimeNanoseconds
        _ = client.ask(row, model: model, isCopied: false)
        return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6
      }.sorted()
      return times[times.count / 2]
    }
    return median(gateway.port, strongest) - median(server.port, strongest)
  }

  /// People rate a tenth of the answers that the judge rated, at random, and know the true value.
  private func rateByHand(_ report: Report, _ gateway: GatewayProcess) -> Int {
    guard options.noise > 0 else { return 0 }
    let (asked, rows) = (provider.asked, Dictionary(world.traffic.map { ($0.id, $0) }) { first, _ in first })
    var count = 0
    for seen in report.seen {
      guard let id = seen.requestID, let row = rows[seen.row], let tiers = asked[seen.row], tiers.count > 1,
        Hash.unit("gold \(options.seed) \(seen.row)") < 0.1
      else { continue }
      for tier in tiers {
        let body: [String: Any] = [
          "request_id": id, "tier": world.tiers[tier], "quality": row.quality[tier], "rater": "truth",
          "probability": 0.1,
        ]
        if Client(port: gateway.port).post("/v1/feedback", body) == 200 { count += 1 }
      }
    }
    return count
  }
}

// The command line's side.
extension Loop {
  private func train() throws {
    try run(
      [
        "train", file("gateway.sqlite").path, "--output", file("router").path, "--architecture", "logistic", "--seed",
        "\(options.seed)",
      ] + world.tiers.flatMap { ["--tier", "\($0)=\($0)"] })
    // A guarantee may need more labels than there are; then the thresholds that training chose stand.
    _ = try? run([
      "calibrate", file("gateway.sqlite").path, "--model", file("router").path, "--target-quality", "\(options.target)",
      "--output", file("router").path,
    ])
  }

  private func replay(frozen: Double) throws -> [String: Any] {
    let time = Date(timeIntervalSince1970: frozen).formatted(.iso8601)
    let text = try run(
      [
        "replay", file("gateway.sqlite").path, "--incumbent", "all:\(strongest)", "--candidate", file("router").path,
        "--frozen", time, "--format", "json",
      ], refusal: 1)
    return try JSONSerialization.jsonObject(with: text) as? [String: Any] ?? [:]
  }

  private func trueValue() throws -> Truth {
    let lines = world.heldOut.map { row -> Data in
      let object: [String: Any] = ["id": row.id, "messages": row.messages]
      return (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
    }
    try Data(lines.joined(separator: Data("\n".utf8))).write(to: file("held-out.jsonl"))
    let text = try run([
      "route", "--model", file("router").path, "--log", file("held-out.jsonl").path, "--format", "json",
    ])
    let rows = Dictionary(world.heldOut.map { ($0.id, $0) }) { first, _ in first }
    var trueValue = Truth()
    for line in text.split(separator: UInt8(ascii: "\n")) {
      guard let decision = try JSONSerialization.jsonObject(with: line) as? [String: Any],
        let row = (decision["id"] as? String).flatMap({ rows[$0] }),
        let tier = (decision["tier"] as? String).flatMap(world.tiers.firstIndex)
      else { continue }
      trueValue.add(row, tier: tier)
    }
    guard !trueValue.isEmpty else { throw Failure("route gave no decision") }
    return trueValue
  }

  /// Runs the command line; returns what it printed.
  /// - Parameter refusal: the status of a program that did what it could, and whose answer is no.
  @discardableResult func run(_ arguments: [String], refusal: Int32 = 0) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: options.ockham)
    process.arguments = arguments
    let (output, log) = (file("\(arguments[0]).out"), file("\(arguments[0]).log"))
    for url in [output, log] { _ = FileManager.default.createFile(atPath: url.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    process.waitUntilExit()
    guard [0, refusal].contains(process.terminationStatus) else {
      let said = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
      throw Failure("ockham \(arguments[0]) ended with \(process.terminationStatus): \(said.suffix(600))")
    }
    return try Data(contentsOf: output)
  }
}
