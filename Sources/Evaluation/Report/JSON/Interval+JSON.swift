extension Interval {
  var json: JSONValue {
    .object([("estimate", .number(estimate)), ("lower", .number(lower)), ("upper", .number(upper))])
  }
}
