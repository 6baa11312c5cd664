package import Ockham

extension LogSource {
  /// Rows that are looked at for one that can be read.
  private static let rowsLookedAt = 100

  /// The options of the features that a log holds in place of texts, as gateways write it; `nil` where its first record has a text, and for
  /// what can be read only once.
  package func storedFeatureOptions() throws(LogError) -> FeatureOptions? {
    for path in paths {
      if path == "-" { return nil }
      if try FileInput.checkedSize(path: path) == nil { return nil }
    }
    var source = self
    source.options = LogOptions()
    source.options.takesAnyFeatures = true
    var stream = try source.open()
    for _ in 0..<Self.rowsLookedAt {
      guard let entry = try stream.next() else { return nil }
      if case .record(let record) = entry { return record.features?.options }
    }
    return nil
  }
}
