import Synchronization

/// Telemetry in memory: forgotten with the process, and bounded by retention alone.
final class MemoryTelemetry: TelemetryStore {
  private struct Contents {
    var requests: [String: StoredRequest] = [:]
    var spending: [KeySpending.Key: KeySpending] = [:]
    var policies: [TelemetryValue: TelemetryRow] = [:]
    /// The number that the last turn of a canary has.
    var lastTurn = 0

    /// An id that is there already is skipped, and so is a second outcome of a name.
    mutating func add(_ record: TelemetryRecord) {
      guard requests[record.id] == nil else { return }
      var record = record
      var names: Set<TelemetryValue> = []
      record.outcomes.removeAll { !names.insert($0["name"]).inserted }
      if record.canaryTurn != nil {
        lastTurn += 1
        record.canaryTurn?.set("number", .integer(Int64(lastTurn)))
      }
      for index in record.experimentTurns.indices {
        lastTurn += 1
        record.experimentTurns[index].set("number", .integer(Int64(lastTurn)))
      }
      requests[record.id] = StoredRequest(record: record, feedback: [])
    }

    func isOf(_ subject: ForgottenSubject, _ record: TelemetryRecord) -> Bool {
      switch subject {
      case .key(let name, _): return record.decision["key_name"] == .text(name)
      case .conversation(let name):
        let named = requests[name]?.record.decision["conversation"].text ?? name
        return record.id == name || record.decision["conversation"] == .text(named)
      }
    }

    mutating func forgetSpending(of name: String) {
      for used in spending.values where used.key == name {
        spending[used.id] = nil
        var nobodys = used
        nobodys.key = ""
        spending[nobodys.id, default: KeySpending(key: "", day: used.day)].add(nobodys)
      }
    }
  }

  private let contents = Mutex(Contents())

  func write(_ batch: TelemetryBatch) throws(TelemetryStoreError) {
    contents.withLock { contents in
      for entry in batch.entries {
        switch entry {
        case .request(let record): contents.add(record)
        case .feedback(let feedback): contents.requests[feedback.requestID]?.add(feedback)
        case .rating(let rating): contents.requests[rating.requestID]?.add(rating)
        case .label(let label): contents.requests[label.requestID]?.add(label)
        }
      }
      for policy in batch.policies where contents.policies[policy["policy_hash"]] == nil {
        contents.policies[policy["policy_hash"]] = policy
      }
      for used in batch.spending {
        contents.spending[used.id, default: KeySpending(key: used.key, day: used.day)].add(used)
      }
    }
  }

  func deleteRequests(before time: Double, limit: Int) throws(TelemetryStoreError) -> Int {
    contents.withLock { contents in
      let expired = contents.requests.values.map(\.record).filter { $0.time < time }
        .sorted { ($0.time, $0.id) < ($1.time, $1.id) }.prefix(limit)
      for record in expired { contents.requests[record.id] = nil }
      return expired.count
    }
  }

  func forget(_ subject: ForgottenSubject, limit: Int) throws(TelemetryStoreError) -> Int {
    contents.withLock { contents in
      let ids = contents.requests.values.map(\.record).filter { contents.isOf(subject, $0) }.map(\.id)
      guard case .key(let name, _) = subject else {
        for id in ids { contents.requests[id] = nil }
        return ids.count
      }
      for id in ids.prefix(limit) { contents.requests[id] = nil }
      if ids.count < limit { contents.forgetSpending(of: name) }
      return min(ids.count, limit)
    }
  }

  func owner(of id: String) async throws(TelemetryStoreError) -> RequestOwner? {
    contents.withLock { $0.requests[id].map { RequestOwner(key: $0.record.decision["key_name"].text) } }
  }

  func request(_ id: String) async throws(TelemetryStoreError) -> StoredRequest? {
    contents.withLock { $0.requests[id] }
  }

  func policies() async throws(TelemetryStoreError) -> [TelemetryRow] {
    contents.withLock { contents in
      contents.policies.values.sorted {
        ($0["time"].real ?? 0, $0["policy_hash"].text ?? "") < ($1["time"].real ?? 0, $1["policy_hash"].text ?? "")
      }
    }
  }

  func labelSpending(since time: Double) async throws(TelemetryStoreError) -> LabelSpending {
    contents.withLock { contents in
      contents.requests.values.filter { $0.record.time >= time }.compactMap(\.label)
        .reduce(into: LabelSpending()) { $0.add($1) }
    }
  }

  func canaryTurns(
    of canary: String, after number: Int, limit: Int
  ) async throws(TelemetryStoreError) -> [LoggedCanaryTurn] {
    contents.withLock { contents in
      let turns = contents.requests.values.compactMap(\.record.canaryTurn).filter { $0["canary"] == .text(canary) }
      return Array(
        turns.compactMap(LoggedCanaryTurn.init).filter { $0.number > number }.sorted { $0.number < $1.number }
          .prefix(limit))
    }
  }

  func canaryTurns(ofRequests ids: [String]) async throws(TelemetryStoreError) -> [LoggedCanaryTurn] {
    contents.withLock { contents in
      ids.compactMap { contents.requests[$0]?.record.canaryTurn }.compactMap(LoggedCanaryTurn.init)
    }
  }

  func experimentTurns(
    of design: String, after number: Int, limit: Int
  ) async throws(TelemetryStoreError) -> [LoggedExperimentTurn] {
    contents.withLock { contents in
      let turns = contents.requests.values.flatMap(\.record.experimentTurns).filter { $0["design"] == .text(design) }
      return Array(
        turns.compactMap(LoggedExperimentTurn.init).filter { $0.number > number }.sorted { $0.number < $1.number }
          .prefix(limit))
    }
  }

  func experimentTurns(
    of design: String, requests ids: [String]
  ) async throws(TelemetryStoreError) -> [LoggedExperimentTurn] {
    contents.withLock { contents in
      ids.compactMap { contents.requests[$0]?.record.experimentTurns.first { $0["design"] == .text(design) } }
        .compactMap(LoggedExperimentTurn.init)
    }
  }

  func spending(sinceDay day: Int) async throws(TelemetryStoreError) -> [KeySpending] {
    contents.withLock { $0.spending.values.filter { $0.day >= day }.sorted { ($0.day, $0.key) < ($1.day, $1.key) } }
  }

  func close() {}
}

extension StoredRequest {
  fileprivate mutating func add(_ feedback: Feedback) {
    self.feedback.removeAll { $0.key == feedback.key && $0.isAdministrators == feedback.isAdministrators }
    self.feedback.append(feedback)
    guard let name = record.answeredName else { return }
    for index in record.outcomes.indices
    where record.outcomes[index]["name"].text == name && record.outcomes[index]["inclusion"] == .null {
      record.outcomes[index]["quality"] = .real(feedback.quality)
      record.outcomes[index]["origin"] = .text("feedback")
    }
  }

  fileprivate mutating func add(_ label: ShadowLabel) {
    self.label = .label(label)
    if var turn = record.canaryTurn {
      for verdict in LoggedCanaryTurn.Verdict.all(of: label) { verdict.apply(to: &turn) }
      record.canaryTurn = turn
    }
    if let quality = label.auditedQuality {
      for index in record.experimentTurns.indices { record.experimentTurns[index]["quality"] = .real(quality) }
    }
    guard record.request != nil else { return }
    record.request?["label_rate"] = .real(label.labelRate)
    record.request?["audit_rate"] = .real(label.auditRate)
    for outcome in label.outcomes { add(.outcome(outcome, of: label.requestID)) }
    guard let name = record.answeredName else { return }
    for index in record.outcomes.indices where record.outcomes[index]["name"].text == name {
      record.outcomes[index]["quality"] = TelemetryValue(label.servedQuality)
      record.outcomes[index]["inclusion"] = .real(label.servedInclusion)
      record.outcomes[index]["origin"] = .text("served")
    }
  }

  fileprivate mutating func add(_ rating: GivenRating) {
    guard let name = rating.name ?? record.answeredName else { return }
    var rating = rating
    rating.name = name
    personRatings.removeAll { $0.name == name && $0.rater == rating.rater }
    personRatings.append(rating)
    guard let index = record.outcomes.firstIndex(where: { $0["name"].text == name }) else { return }
    record.outcomes[index]["gold"] = .gold(personRatings.filter { $0.name == name })
  }

  /// What is known stays where the new row does not say.
  private mutating func add(_ row: TelemetryRow) {
    guard let index = record.outcomes.firstIndex(where: { $0["name"] == row["name"] }) else {
      record.outcomes.append(row)
      return
    }
    for (column, value) in zip(row.columns, row.values) where value != .null || column == "quality" {
      record.outcomes[index][column] = value
    }
  }
}

extension LabelSpending {
  /// Adds a row of `labels`.
  fileprivate mutating func add(_ row: TelemetryRow) {
    labels += 1
    costUSD += row["cost_usd"].real ?? 0
    judgeUSD += row["judge_usd"].real ?? 0
    if case .integer(let count) = row["unpriced"] { unpriced += Int(count) }
  }
}
