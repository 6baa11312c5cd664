/// Reads the ratings of people. A column of a database holds the same JSON.
enum GoldDecoder {
  static func rating(_ value: JSONValue) throws(RecordViolation) -> GoldRating {
    let fields = try JSONFields<GoldField>(value, role: "quality, inclusion, raters")
    guard let quality = fields[.quality] else {
      throw RecordViolation(
        .missingField, field: "quality", expected: "a number from 0 to 1", found: "none", remedy: "add it")
    }
    var rating = GoldRating(
      quality: try at("quality") { () throws(RecordViolation) in try quality.number("a number from 0 to 1") })
    if let inclusion = fields[.inclusion] {
      rating.inclusion = try at("inclusion") { () throws(RecordViolation) in try inclusion.number("a number") }
    }
    guard let raters = fields[.raters] else { return rating }
    do throws(RecordViolation) {
      for name in try raters.elements("an array of names") { rating.raters.append(try name.string("a name")) }
    } catch { throw error.inside("raters") }
    return rating
  }
}
