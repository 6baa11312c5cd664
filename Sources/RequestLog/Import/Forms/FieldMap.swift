import TextKit

/// Which fields of a file's rows hold what: those that the caller names, else those that have usual names and hold values
/// of the right type. Fields inside objects are found as well, by their paths.
struct FieldMap {
  private static let maximumDepth = 4

  /// Where each part stands, as a path.
  private(set) var paths: [FieldPart: String] = [:]
  /// The path of the text that the prompt is about, which follows it.
  private(set) var about: String?
  /// Columns about one model each.
  private(set) var wide = WideColumns()
  /// The field whose members are models, or whose elements are their answers.
  private(set) var perModel: [ModelFields] = []
  /// A field of scores of several kinds, of which no one says which is the quality.
  private var metrics: String?

  /// A field that stands in some rows.
  private struct Field {
    var path: String
    var name: String
    var depth: Int
    var values: [JSONNode]

    /// Whether the field has a name; of a model also together with the object that it stands in: `provider.id`.
    func isNamed(_ other: String, _ part: FieldPart) -> Bool {
      name == other || part == .model && depth > 0 && FieldName.words(of: path) == other
    }
  }

  /// - Parameter sample: rows of the file.
  init(_ sample: [JSONNode], options: ImportOptions = ImportOptions()) {
    let fields = Self.fields(of: sample)
    paths = Self.named(options)
    perModel = ModelFields.find(in: sample, options.ratings)
    // Rows that name one model and its answer hold choices, not models, in such a field.
    let ofTheRow = fields.filter { $0.depth == 0 }
    func isThere(_ part: FieldPart) -> Bool {
      paths[part] != nil || Self.path(of: part, in: ofTheRow, taken: [], ratings: options.ratings) != nil
    }
    let names = Self.path(of: .model, in: fields.filter { $0.depth < 2 }, taken: [], ratings: options.ratings) != nil
    if !perModel.isEmpty, isThere(.model) || names, isThere(.response) || isThere(.quality) { takeMetrics(sample) }
    let taken = Set(perModel.map(\.path))
    let free = fields.filter { field in
      !taken.contains { field.path == $0 || field.path.hasPrefix($0 + ".") || field.path.hasPrefix($0 + "[") }
    }
    for part in FieldPart.allCases where paths[part] == nil {
      paths[part] = Self.path(of: part, in: free, taken: Set(paths.values), ratings: options.ratings)
    }
    about = Self.about(paths[.prompt], named: Self.named(options)[.prompt] != nil, sample, paths)
    guard paths[.model] == nil else { return }
    wide = WideColumns(
      sample, taken: Set(paths.filter { $0.key != .quality && $0.key != .response }.values),
      isOfOneModel: paths[.response] != nil || paths[.quality] != nil, options.ratings)
    // A column of one model is none of the row's own.
    for part in [FieldPart.quality, .response, .cost, .outputTokens, .inputTokens, .latency] {
      if let path = paths[part], wide.columns.contains(path) { paths[part] = nil }
    }
  }

  /// The path of the text beside an instruction; none where the caller names the prompt.
  private static func about(
    _ prompt: String?, named isNamed: Bool, _ sample: [JSONNode], _ paths: [FieldPart: String]
  ) -> String? {
    guard let prompt, !isNamed else { return nil }
    let outer = prompt.lastIndex { $0 == "." }.map { String(prompt[...$0]) } ?? ""
    let holders = outer.isEmpty ? sample : sample.compactMap { $0.holder(of: prompt) }
    let taken = Set(paths.values.filter { $0.hasPrefix(outer) }.map { String($0.dropFirst(outer.count)) })
    return AskedText.key(beside: String(prompt.dropFirst(outer.count)), in: holders, taken: taken).map { outer + $0 }
  }

  /// Takes fields by model for kinds of scores of the one model that a row names: a kind by itself is the quality.
  private mutating func takeMetrics(_ sample: [JSONNode]) {
    for fields in perModel where fields.part == .quality && paths[.quality] == nil {
      let kinds = Set(sample.flatMap { fields.values(in: $0).map(\.model) })
      if kinds.count == 1, let kind = kinds.first {
        paths[.quality] = "\(fields.path).\(kind)"
      } else {
        metrics = fields.path
      }
    }
    perModel = []
  }

  /// What fields were taken for, as a sentence; `nil` where nothing was found.
  var sentence: String? {
    var phrases = FieldPart.allCases.compactMap { part in paths[part].map { "\($0) is the \(part.title)" } }
    if let about { phrases.append("\(about) follows the prompt") }
    phrases += wide.phrases + perModel.map { "\($0.path) is the \($0.title)" }
    if let metrics {
      phrases.append("\(metrics) holds scores of several kinds and is left out: choose with --quality-field")
    }
    return phrases.isEmpty ? nil : phrases.joined(separator: ", ")
  }

  /// All fields that are taken for something.
  var columns: Set<String> {
    wide.columns.union(paths.values).union(perModel.map(\.path)).union(about.map { [$0] } ?? [])
  }

  /// The fields that the caller names.
  private static func named(_ options: ImportOptions) -> [FieldPart: String] {
    let chat = options.chat
    let named: [(FieldPart, String?)] = [
      (.prompt, chat.messagesField ?? chat.promptField), (.response, chat.responseField), (.model, chat.modelField),
      (.id, chat.idField), (.quality, chat.quality == ChatFields.none ? nil : chat.quality), (.cost, chat.costUSD),
      (.latency, chat.latencyMilliseconds),
    ]
    return Dictionary(uniqueKeysWithValues: named.compactMap { part, path in path.map { (part, $0) } })
  }

  /// The fields of the rows, outer ones first.
  private static func fields(of sample: [JSONNode]) -> [Field] {
    var fields: [Field] = []
    var places: [String: Int] = [:]
    func add(_ path: String, key: String, value: JSONNode, depth: Int) {
      if let place = places[path] {
        fields[place].values.append(value)
      } else {
        places[path] = fields.count
        fields.append(Field(path: path, name: FieldName.words(of: key), depth: depth, values: [value]))
      }
      guard depth < maximumDepth else { return }
      let inner = value.unfolded
      if inner.isMessages { return }
      for member in inner.members ?? [] where !member.value.isNull {
        add("\(path).\(member.key)", key: member.key, value: member.value, depth: depth + 1)
      }
      if let only = inner.elements, only.count == 1, only[0].members != nil {
        add("\(path)[0]", key: "", value: only[0], depth: depth + 1)
      }
    }
    for row in sample {
      for member in row.members ?? [] where !member.value.isNull {
        add(member.key, key: member.key, value: member.value, depth: 0)
      }
    }
    return fields.enumerated().sorted { ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset) }.map(\.element)
  }

  private static func path(
    of part: FieldPart, in fields: [Field], taken: Set<String>, ratings: RatingScale
  ) -> String? {
    let depth = part.isOfTheRow ? 0 : maximumDepth
    let usable = fields.filter { field in
      field.depth <= depth && !taken.contains(field.path)
        && field.values.contains { part.fits($0, ratings) }
    }
    for name in part.names {
      if let field = usable.first(where: { $0.isNamed(name, part) && (part != .prompt || isAsked($0)) }) {
        return field.path
      }
    }
    switch part {
    case .prompt: return usable.first { $0.depth == 0 && isPrompt($0) }?.path
    case .quality: return usable.first { $0.depth == 0 && isScore($0) }?.path
    default: return nil
    }
  }

  /// Whether a field can hold what was asked: numbers alone cannot, but under the surest names.
  private static func isAsked(_ field: Field) -> Bool {
    ["prompt", "question", "query", "user_prompt"].contains(field.name) || field.values.contains { $0.decimal == nil }
  }

  /// Whether a column such as `Prompt (English)` holds texts.
  private static func isPrompt(_ field: Field) -> Bool {
    let words = Set(field.name.split(separator: "_").map(String.init))
    let others = [
      "id", "tokens", "token", "hash", "name", "version", "type", "cost", "count", "length", "template", "price",
    ]
    return !words.isDisjoint(with: ["prompt", "question", "query"]) && words.isDisjoint(with: others)
      && field.values.contains { $0.decimal == nil }
  }

  /// Whether a column such as `Quality (1-5)` holds scores.
  private static func isScore(_ field: Field) -> Bool {
    let words = Set(field.name.split(separator: "_").map(String.init))
    return !words.isDisjoint(with: [
      "quality", "score", "rating", "grade", "correct", "correctness", "accuracy", "thumbs",
    ])
  }
}

extension FieldPart {
  /// Whether only the row itself can have it, not an object inside.
  fileprivate var isOfTheRow: Bool {
    switch self {
    case .id, .dataset, .time, .conversation, .system, .reference: true
    default: false
    }
  }

  /// Whether a value can be the part.
  fileprivate func fits(_ value: JSONNode, _ ratings: RatingScale) -> Bool {
    switch self {
    case .prompt:
      let inner = value.question
      return inner.string?.trimmingSpaces.isEmpty == false && value.members == nil || inner.elements?.isEmpty == false
    case .response: return value.elements != nil || value.members != nil || value.string != nil
    case .model, .dataset: return value.string?.trimmingSpaces.isEmpty == false
    case .quality: return value.decimal != nil || ratings.qualityOfCell(value) != nil
    case .cost, .latency, .inputTokens, .outputTokens, .propensity: return value.number(as: self) != nil
    case .id, .conversation: return value.string != nil || value.number != nil
    case .time: return ExchangeTime.timestamp(value) != nil
    case .reference: return value.members == nil
    case .system: return value.string?.isEmpty == false || value.elements != nil
    }
  }
}
