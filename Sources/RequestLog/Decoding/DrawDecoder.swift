/// Reads the arrays that say how a request was routed. Columns of a database hold the same JSON.
enum DrawDecoder {
  /// The names of an `allowed` array.
  static func allowed(_ value: JSONValue, _ pool: inout StringPool) throws(RecordViolation) -> [String] {
    var names: [String] = []
    for element in try value.elements("an array of names") {
      do { names.append(try pool.name(element)) } catch { throw error.inside("[\(names.count)]") }
    }
    return names
  }

  /// The attempts of a `steps` array.
  static func steps(_ value: JSONValue, _ pool: inout StringPool) throws(RecordViolation) -> [CascadeStep] {
    var steps: [CascadeStep] = []
    for element in try value.elements("an array of steps") {
      do { steps.append(try step(element, &pool)) } catch { throw error.inside("[\(steps.count)]") }
    }
    return steps
  }

  private static func step(_ value: JSONValue, _ pool: inout StringPool) throws(RecordViolation) -> CascadeStep {
    let fields = try JSONFields<StepField>(value, role: "tier, propensity, accepted")
    let tier = try required(fields, .tier, "the tier that was asked")
    let propensity = try required(fields, .propensity, "the probability of the step")
    let accepted = try required(fields, .accepted, "true or false")
    let name: String
    do { name = try pool.name(tier) } catch { throw error.inside("tier") }
    return CascadeStep(
      tier: name,
      propensity: try at("propensity") { () throws(RecordViolation) in try propensity.number("a number") },
      isAccepted: try at("accepted") { () throws(RecordViolation) in try accepted.boolean() })
  }

  private static func required(
    _ fields: JSONFields<StepField>, _ field: StepField, _ expected: String
  ) throws(RecordViolation) -> JSONValue {
    if let value = fields[field] { return value }
    throw RecordViolation(.missingField, field: "\(field.key)", expected: expected, found: "none", remedy: "add it")
  }
}

extension StringPool {
  /// The name in a JSON value, or a violation that says what stands there instead.
  mutating func name(_ value: JSONValue) throws(RecordViolation) -> String {
    guard value.kind == .string else {
      throw .wrongType(expected: "a name", found: value, remedy: "write a JSON string")
    }
    guard let name = string(of: value) else { throw .halfSurrogate }
    return name
  }
}
