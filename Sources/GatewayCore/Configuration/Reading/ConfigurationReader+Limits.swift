import ChatProtocols

extension ConfigurationReader {
  /// Reads the sections that are numbers and switches.
  mutating func readLimits(_ map: ConfigurationMap) {
    map.set("sessions", &configuration.sessions, read: Self.sessions)
    map.set("retries", &configuration.retries, read: Self.retries)
    map.set("breaker", &configuration.breaker, read: Self.breaker)
    map.set("limits", &configuration.limits, read: Self.limits)
    map.set("connections", &configuration.connections, read: Self.connections)
    map.set("telemetry", &configuration.telemetry, read: Self.telemetry)
    if let streams = map["streams"]?.map("keep_alive_s") {
      streams.set("keep_alive_s", &configuration.keepAliveSeconds) { $0.number(in: 0.05...3600) }
    }
    map.set("hosted_tools", &configuration.hostedTools) { $0.choice(HostedToolRule.self) }
    map.set("stored_responses", &configuration.storedResponses, read: Self.storedResponses)
  }

  private static func sessions(_ node: ConfigurationNode) -> SessionConfiguration? {
    guard let map = node.map("sticky", "header", "ttl_s", "capacity", "weigh_cache", "lower_turns") else { return nil }
    var sessions = SessionConfiguration()
    map.set("sticky", &sessions.isSticky) { $0.boolean() }
    map.set("header", &sessions.header, read: headerName)
    map.set("ttl_s", &sessions.timeToLiveSeconds) { $0.number(in: 1...31_536_000) }
    map.set("capacity", &sessions.capacity) { $0.integer(in: 1...10_000_000) }
    map.set("weigh_cache", &sessions.weighsCache) { $0.boolean() }
    map.set("lower_turns", &sessions.lowerTurns) { $0.integer(in: 1...1000) }
    return sessions
  }

  private static func retries(_ node: ConfigurationNode) -> RetryConfiguration? {
    guard let map = node.map("attempts_per_target", "base_ms", "max_ms", "jitter", "escalate") else { return nil }
    var retries = RetryConfiguration()
    map.set("attempts_per_target", &retries.attemptsPerTarget) { $0.integer(in: 1...10) }
    map.set("base_ms", &retries.baseMilliseconds) { $0.number(in: 0...60_000) }
    map.set("max_ms", &retries.maximumMilliseconds) { $0.number(in: 0...600_000) }
    map.set("jitter", &retries.jitter) { $0.number(in: 0...1) }
    map.set("escalate", &retries.escalates) { $0.boolean() }
    if retries.maximumMilliseconds < retries.baseMilliseconds {
      node.report(
        expected: "max_ms of at least base_ms", found: "a smaller one", remedy: "raise max_ms or lower base_ms")
    }
    return retries
  }

  private static func breaker(_ node: ConfigurationNode) -> BreakerConfiguration? {
    guard let map = node.map("window_s", "min_requests", "failure_rate", "cooldown_s") else { return nil }
    var breaker = BreakerConfiguration()
    map.set("window_s", &breaker.windowSeconds) { $0.number(in: 1...86_400) }
    map.set("min_requests", &breaker.minimumRequests) { $0.integer(in: 1...1_000_000) }
    map.set("failure_rate", &breaker.failureRate) { $0.number(in: .leastNonzeroMagnitude...1) }
    map.set("cooldown_s", &breaker.cooldownSeconds) { $0.number(in: 0.001...86_400) }
    return breaker
  }

  private static func limits(_ node: ConfigurationNode) -> LimitConfiguration? {
    guard
      let map = node.map(
        "body_bytes", "buffered_bytes", "answer_bytes", "concurrent_requests", "queued_requests", "drain_s")
    else { return nil }
    var limits = LimitConfiguration()
    map.set("body_bytes", &limits.bodyBytes) { $0.integer(in: 1024...(1 << 31)) }
    limits.bufferedBytes = max(limits.bufferedBytes, limits.bodyBytes * 2)
    map.set("buffered_bytes", &limits.bufferedBytes) { $0.integer(in: 1024...(1 << 40)) }
    if limits.bufferedBytes < limits.bodyBytes * 2 {
      node.report(
        expected: "buffered_bytes of at least twice body_bytes", found: "fewer",
        remedy: "raise buffered_bytes or lower body_bytes")
    }
    map.set("answer_bytes", &limits.answerBytes) { $0.integer(in: 1024...(1 << 31)) }
    map.set("concurrent_requests", &limits.concurrentRequests) { $0.integer(in: 1...1_000_000) }
    map.set("queued_requests", &limits.queuedRequests) { $0.integer(in: 0...1_000_000) }
    map.set("drain_s", &limits.drainSeconds) { $0.number(in: 0...3600) }
    return limits
  }

  private static func connections(_ node: ConfigurationNode) -> ConnectionLimits? {
    guard let map = node.map("max", "head_s", "body_s", "body_bytes_per_s", "idle_s", "unread_s") else { return nil }
    var limits = ConnectionLimits()
    map.set("max", &limits.connections) { $0.integer(in: 8...1_000_000) }
    map.set("head_s", &limits.headSeconds) { $0.number(in: 0.1...3600) }
    map.set("body_s", &limits.bodySeconds) { $0.number(in: 0.1...3600) }
    map.set("body_bytes_per_s", &limits.bodyBytesPerSecond) { $0.number(in: 1...1e9) }
    map.set("idle_s", &limits.idleSeconds) { $0.number(in: 0.1...86_400) }
    map.set("unread_s", &limits.unreadSeconds) { $0.number(in: 0.1...3600) }
    return limits
  }

  private static func storedResponses(_ node: ConfigurationNode) -> StoredResponsesConfiguration? {
    guard let map = node.map("ttl_s", "entries", "bytes") else { return nil }
    var stored = StoredResponsesConfiguration()
    map.set("ttl_s", &stored.timeToLiveSeconds) { $0.number(in: 1...31_536_000) }
    map.set("entries", &stored.entries) { $0.integer(in: 1...10_000_000) }
    map.set("bytes", &stored.bytes) { $0.integer(in: 1024...(1 << 40)) }
    return stored
  }

  private static func telemetry(_ node: ConfigurationNode) -> TelemetryConfiguration? {
    guard let map = node.map("path", "prompts", "retention_days", "queue", "otlp_endpoint") else { return nil }
    var telemetry = TelemetryConfiguration()
    if map.nulls.contains("path") { telemetry.path = nil }
    map.set("path", &telemetry.path) { $0.text("the path of a database, or null for none") }
    map.set("prompts", &telemetry.prompts) { $0.choice(TelemetryConfiguration.Prompts.self) }
    map.set("retention_days", &telemetry.retentionDays) { $0.number(in: .positive) }
    map.set("queue", &telemetry.queueRecords) { $0.integer(in: 1...10_000_000) }
    map.set("otlp_endpoint", &telemetry.otlpEndpoint) { BaseURL.read($0)?.text }
    return telemetry
  }

  /// The name of a header, in lower case.
  static func headerName(_ node: ConfigurationNode) -> String? {
    guard let text = node.text("the name of a header") else { return nil }
    let marks = Set("!#$%&'*+-.^_`|~".utf8)
    let isToken = text.utf8.allSatisfy { byte in
      byte.isDigit || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF) || marks.contains(byte)
    }
    guard isToken, text.utf8.count <= 128 else {
      node.report(expected: "the name of a header", remedy: "use letters, digits and -")
      return nil
    }
    return text.lowercased()
  }
}
