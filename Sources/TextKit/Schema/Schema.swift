/// A compiled JSON Schema: a list of schemas, each a list of assertions that must all hold. Schemas name each other by
/// place, so that `$ref` may lead anywhere, also back.
///
/// Source: JSON Schema draft 2020-12, Core and Validation; `format` and the other annotations assert nothing, as there.
package struct Schema: Sendable {
  /// What must hold of a value.
  enum Assertion: Sendable {
    /// `false` as a schema.
    case never
    case types(Set<TypeName>)
    case oneOfValues(Set<JSONNode>)
    case properties([String: Int], patterns: [(TextPattern, Int)], additional: Int?)
    case required([String])
    case propertyCount(Bounds)
    case propertyNames(Int)
    case items(prefix: [Int], rest: Int?)
    case itemCount(Bounds)
    case uniqueItems
    case length(Bounds)
    case pattern(TextPattern)
    case range(NumberRange)
    case multipleOf(Double)
    case all([Int])
    case any([Int])
    case exactlyOne([Int])
    case not(Int)
    case reference(Int)
  }

  /// The types of JSON Schema.
  enum TypeName: String, Sendable, CaseIterable { case object, array, string, number, integer, boolean, null }

  /// The least and the most of a count.
  struct Bounds: Sendable {
    var minimum = 0
    var maximum = Int.max

    func contain(_ count: Int) -> Bool { count >= minimum && count <= maximum }
  }

  /// The ends of a range of numbers.
  struct NumberRange: Sendable {
    var minimum = -Double.infinity
    var maximum = Double.infinity
    var exclusiveMinimum = -Double.infinity
    var exclusiveMaximum = Double.infinity

    func contains(_ number: Double) -> Bool {
      number >= minimum && number <= maximum && (number > exclusiveMinimum || exclusiveMinimum == -.infinity)
        && (number < exclusiveMaximum || exclusiveMaximum == .infinity)
    }
  }

  let schemas: [[Assertion]]
  let root: Int

  init(schemas: [[Assertion]], root: Int) {
    self.schemas = schemas
    self.root = root
  }

  /// Compiles a schema.
  /// - Throws: ``SchemaError`` for what cannot be checked.
  package init(_ node: JSONNode) throws(SchemaError) { self = try SchemaCompiler.compile(node) }
}

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
