package import TextKit

/// The decisions about versions, each with what it asks of the state it meets.
extension Registry {
  /// What is told of a decision.
  package struct Statement {
    package var by: JournalEntry.Author
    package var reason: String
    /// In seconds since 1970.
    package var time: Double
    package var evidence: JSONNode?

    package init(by: JournalEntry.Author, reason: String, time: Double, evidence: JSONNode? = nil) {
      (self.by, self.reason, self.time, self.evidence) = (by, reason, time, evidence)
    }
  }

  /// The error that candidate k may spend of one that all candidates together have: α·6/(π²k²), whose sum over k is α.
  package static func alpha(ofCandidate number: Int, of alpha: Double = 0.05) -> Double {
    alpha * 6 / (Double.pi * Double.pi * Double(number) * Double(number))
  }

  /// Takes a version in; it serves no one yet. A version that is there already stays as it is.
  package func add(_ parts: VersionParts, version program: String, _ statement: Statement) throws(RegistryError)
    -> JournalEntry
  {
    try change(at: statement.time) { state throws(RegistryError) in
      let lock = parts.lock(
        frozenAt: CivilTime.timestamp(seconds: statement.time), parent: state.pointer?.incumbent, version: program)
      var decision = RegistryDecision(.add, of: lock.hash, by: statement.by, reason: statement.reason)
      decision.parts = (parts, lock)
      decision.evidence = statement.evidence
      return decision
    }
  }

  /// Gives a version a share of the conversations, under conditions that are kept as the decision's evidence.
  /// - Throws: without an incumbent, beside another candidate, and for the version that serves.
  package func startCanary(
    of version: String, share: Double, salt: String, under conditions: CanaryConditions = CanaryConditions(),
    _ statement: Statement
  ) throws(RegistryError) -> JournalEntry {
    guard share > 0, share < 1 else {
      throw .refused("--canary: expected a share above 0 and below 1, found \(share)")
    }
    guard (0...1).contains(conditions.margin), conditions.confidence > 0, conditions.confidence < 1 else {
      throw .refused(
        "expected a margin from 0 to 1 and a confidence above 0 and below 1, found \(conditions.margin) and "
          + "\(conditions.confidence); set --margin and --confidence")
    }
    return try change(at: statement.time) { state throws(RegistryError) in
      _ = try state.lock(of: version)
      guard var pointer = state.pointer else {
        throw .refused("expected a version that serves, found none; promote the first one without --canary")
      }
      try Self.requireNoCandidate(pointer)
      guard pointer.incumbent != version else {
        throw .refused("expected another version than the one that serves, found \(version)")
      }
      (pointer.candidate, pointer.share, pointer.salt) = (version, share, salt)
      var decision = RegistryDecision(.canary, of: version, by: statement.by, reason: statement.reason)
      decision.candidateNumber = state.journal.nextCandidateNumber
      decision.alpha = decision.candidateNumber.map { Self.alpha(ofCandidate: $0, of: 1 - conditions.confidence) }
      (decision.pointer, decision.evidence) = (pointer, conditions.node)
      return decision
    }
  }

  /// Lets a version serve alone, without a canary.
  package func promote(_ version: String, salt: String, _ statement: Statement) throws(RegistryError) -> JournalEntry {
    try change(at: statement.time) { state throws(RegistryError) in
      _ = try state.lock(of: version)
      if let pointer = state.pointer {
        try Self.requireNoCandidate(pointer)
        guard pointer.incumbent != version else {
          throw .refused("expected another version than the one that serves, found \(version)")
        }
      }
      return Self.decision(.promote, of: version, statement, RegistryPointer(incumbent: version, salt: salt))
    }
  }

  /// Lets the candidate serve alone.
  /// - Parameter version: as of ``abort(only:_:)``.
  package func complete(only version: String? = nil, _ statement: Statement) throws(RegistryError) -> JournalEntry {
    try change(at: statement.time) { state throws(RegistryError) in
      let (pointer, candidate) = try Self.canary(state, only: version)
      _ = try state.lock(of: candidate)
      return Self.decision(
        .complete, of: candidate, statement, RegistryPointer(incumbent: candidate, salt: pointer.salt))
    }
  }

  /// Takes the candidate out.
  /// - Parameter version: the candidate that is meant, where a program decides that may have met another one.
  package func abort(only version: String? = nil, _ statement: Statement) throws(RegistryError) -> JournalEntry {
    try change(at: statement.time) { state throws(RegistryError) in
      let (pointer, candidate) = try Self.canary(state, only: version)
      return Self.decision(
        .abort, of: candidate, statement, RegistryPointer(incumbent: pointer.incumbent, salt: pointer.salt))
    }
  }

  /// Lets the version serve that served before this one, and takes a candidate out.
  package func rollBack(_ statement: Statement) throws(RegistryError) -> JournalEntry {
    try change(at: statement.time) { state throws(RegistryError) in
      let incumbents = state.journal.incumbents
      guard let pointer = state.pointer, incumbents.count > 1 else {
        throw .refused("expected a version that served before, found none; nothing to go back to")
      }
      let last = incumbents[incumbents.count - 2]
      _ = try state.lock(of: last)
      return Self.decision(.rollback, of: last, statement, RegistryPointer(incumbent: last, salt: pointer.salt))
    }
  }

  private static func decision(
    _ action: JournalEntry.Action, of version: String, _ statement: Statement, _ pointer: RegistryPointer
  ) -> RegistryDecision {
    var decision = RegistryDecision(action, of: version, by: statement.by, reason: statement.reason)
    (decision.pointer, decision.evidence) = (pointer, statement.evidence)
    return decision
  }

  private static func canary(
    _ state: RegistryState, only version: String?
  ) throws(RegistryError) -> (RegistryPointer, candidate: String) {
    guard let pointer = state.pointer, let candidate = pointer.candidate else {
      throw .refused("expected a version under canary, found none; see --status")
    }
    guard version == nil || version == candidate else {
      throw .refused("expected the candidate \(version ?? ""), found \(candidate): it is under canary now")
    }
    return (pointer, candidate)
  }

  private static func requireNoCandidate(_ pointer: RegistryPointer) throws(RegistryError) {
    guard let candidate = pointer.candidate else { return }
    throw .refused(
      "expected no canary in progress, found \(candidate) with \(NumberFormat.percent(pointer.share, places: 1)) of the conversations; "
        + "--complete or --abort it first")
  }
}
