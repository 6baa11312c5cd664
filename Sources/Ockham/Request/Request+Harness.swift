extension Request {
  /// The request as it is scored: without what the program around the model says in the place of a person.
  ///
  /// Agents put reminders, their surroundings and the results of tools into the messages. They change from turn to turn, are
  /// much longer than what is asked, and say nothing of how hard it is. Taken out are:
  ///
  /// - blocks between tags of known names, such as `<system-reminder>`, `<env>` or `<environment_context>`, in messages of
  ///   the system and the user; a message of which nothing is left goes with them;
  /// - lines `x-…:` at the head of a system message;
  /// - the texts of tools' results, of which empty messages stay. Results that an agent writes as the user
  ///   (`<tool_response>`, `[read_file for 'a'] Result:`) become such messages.
  ///
  /// Where nothing of a user would be left, those of users stay. The gateway scores and logs requests so, and the trainer
  /// reads them so from logs: who embeds the runtime and routes requests of agents, or with results of tools, does the same.
  /// To do so twice changes nothing.
  ///
  /// - Complexity: O(bytes). A request without anything of the kind is returned as it is.
  public func withoutHarnessText() -> Request {
    guard let stripped = stripped(users: true) else { return self }
    let says: (Segment) -> Bool = { $0.role == .user && !$0.text.isEmpty }
    guard stripped.contains(where: says) || !segments.contains(where: says) else {
      return self.stripped(users: false).map { Request(segments: $0, attributes: attributes) } ?? self
    }
    return Request(segments: stripped, attributes: attributes)
  }

  /// Whether the request goes on with the result of a tool, and not with what a user said: the last message is a tool's.
  /// Read of a request that is as ``withoutHarnessText()`` leaves it, since reminders may follow results.
  public var isToolContinuation: Bool { segments.last { $0.role != .system }?.role == .tool }

  /// The messages that are left; `nil` where all stay as they are.
  private func stripped(users: Bool) -> [Segment]? {
    var result: [Segment]?
    for (index, segment) in segments.enumerated() {
      var left: Segment? = segment
      switch segment.role {
      case .assistant: break
      case .user where !users: break
      case .tool: if !segment.text.isEmpty { left?.text = "" }
      case .system, .user:
        switch HarnessText(in: segment.text, of: segment.role) {
        case .none: break
        case .rest(let text): left?.text = text
        case .all: left = nil
        case .result: left = Segment(role: .tool, text: "")
        }
      }
      if result == nil, left != segment { result = Array(segments[..<index]) }
      if let left { result?.append(left) }
    }
    return result
  }
}
