extension GatewayError {
  /// A field that is not as it must be: status 400, with what was expected and found.
  static func violation(_ code: Code, at path: FieldPath, expected: String, found: String) -> GatewayError {
    violation(code, param: path.text, expected: expected, found: found)
  }

  package static func violation(_ code: Code, param: String?, expected: String, found: String) -> GatewayError {
    let place = param.map { "\($0): " } ?? ""
    return GatewayError(code, message: "\(place)expected \(expected), found \(found)", param: param)
  }

  /// A request that is right, but asks for what cannot be given here.
  static func unsupported(_ param: String, _ reason: String) -> GatewayError {
    GatewayError(.unsupportedFeature, message: "\(param): \(reason)", param: param)
  }
}

extension Field {
  func wrongType(_ expected: String) -> GatewayError {
    .violation(.invalidType, at: path, expected: expected, found: node.kindName)
  }

  func invalid(_ expected: String, found: String) -> GatewayError {
    .violation(.invalidValue, at: path, expected: expected, found: found)
  }

  func missing(_ key: String, expected: String) -> GatewayError {
    .violation(.missingParameter, at: .key(path, key), expected: expected, found: "nothing")
  }

  func unsupported(_ reason: String) -> GatewayError { .unsupported(path.text ?? "request", reason) }
}
