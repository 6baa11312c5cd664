/// The way from the root of a request to a value: `messages[0].content`. Written out only for errors.
indirect enum FieldPath: Sendable {
  case root
  case key(FieldPath, String)
  case index(FieldPath, Int)

  /// The path as clients read it; `nil` for the root. Keys come from the gateway's own code, never from a request.
  var text: String? {
    switch self {
    case .root: nil
    case .key(let parent, let key): parent.text.map { "\($0).\(key)" } ?? key
    case .index(let parent, let index): "\(parent.text ?? "")[\(index)]"
    }
  }
}
