extension Schema {
  /// Whether a value fits the schema.
  ///
  /// Lengths of texts count Unicode scalars. Depth is bounded by that of the value, since circles of references that
  /// stay on one value are refused when the schema is compiled.
  package func accepts(_ value: JSONNode) -> Bool { accepts(value, steps: .max) ?? false }

  /// Whether a value fits the schema; `nil` where that takes more steps than given. A million steps are some tenths of a second at
  /// most.
  package func accepts(_ value: JSONNode, steps: Int) -> Bool? {
    var check = SchemaCheck(self, steps: steps)
    let fits = check.accepts(value)
    return check.isExhausted ? nil : fits
  }
}
