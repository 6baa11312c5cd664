import TextKit

/// The JSON tree and the schema checker: the text before the first zero byte is a schema, the rest a value.
///
/// Regular expressions are left out: their time is that of the system's engine, which has no bound.
@c(LLVMFuzzerTestOneInput)
public func fuzzSchema(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let parts = Array(UnsafeBufferPointer(start: bytes, count: count)).split(
    separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
  let value = parse(Array(parts.last ?? []))
  guard parts.count == 2, !hasPattern(parts[0]), let node = parse(Array(parts[0])) else { return 0 }
  guard let schema = try? Schema(node) else { return 0 }
  if let value { expect(schema.accepts(value) == schema.accepts(value), "two verdicts") }
  return 0
}

/// The tree of a text; checks that each part reads the same alone.
private func parse(_ bytes: [UInt8]) -> JSONNode? {
  do throws(JSONSyntaxError) {
    let node = try JSONParser.parse(bytes)
    expect(node == node, "a value differs from itself")
    checkParts(of: node, in: bytes)
    return node
  } catch {
    expect((0...bytes.count).contains(error.offset), "the place of an error")
    return nil
  }
}

private func checkParts(of node: JSONNode, in bytes: [UInt8]) {
  expect(node.range.lowerBound >= 0 && node.range.upperBound <= bytes.count, "the range of a value")
  for part in (node.elements ?? []) + (node.members ?? []).map(\.value) {
    expect(node.range.contains(part.range.lowerBound), "a part outside of its whole")
    expect((try? JSONParser.parse(Array(bytes[part.range]))) != nil, "a part that does not read alone")
  }
}

private func hasPattern(_ schema: ArraySlice<UInt8>) -> Bool {
  let text = String(decoding: schema, as: UTF8.self)
  return text.contains("attern") || text.contains("\\")
}
