import ArgumentParser
import Foundation
import Ockham
import RequestLog
import TextKit
import Workflow

/// `ockham inspect`: what a model file holds.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a model file holds: tiers, thresholds, calibration, tensors, provenance.",
    discussion: """
      Example:

        ockham inspect router
      """)

  @Argument(help: "A folder that train wrote, or a model file.", completion: .file())
  var model: String

  func run() throws {
    try Failure.report {
      let folder = try ModelFolder(model)
      try StandardOutput.write(ModelDescription(folder).text)
      try StandardOutput.write("\n" + NextStep.evaluate(model: model, logs: ["-"]).line)
    }
  }
}

/// A model in words and tables.
struct ModelDescription {
  private let folder: ModelFolder
  private let model: Model
  private let file: TensorFile

  init(_ folder: ModelFolder) throws {
    self.folder = folder
    model = folder.model
    file = try TensorFile(folder.bytes)
  }

  var text: String { [summary, tiers, tensors, metadata].joined(separator: "\n\n") }

  private var summary: String {
    let options = model.extractor.options
    return """
      model        \(folder.url.path)
      identifier   \(model.identifier.hexadecimal)
      kind         \(model.kind.rawValue), \(options.bucketCount) buckets\(options.wordPairs ? ", word pairs" : "")\
      \(options.characterGrams ? ", character grams" : ""), \(DenseFeatures.names.count) dense features
      size         \(NumberFormat.count(folder.bytes.count)) bytes
      task head    \(model.hasTaskHead ? "yes" : "no")
      costs        \(model.thresholdScaling == nil ? "not predicted" : "predicted per request")
      """
  }

  private var tiers: String {
    var table = TextTable(["tier", "threshold", "mean cost, USD", "calibration"])
    for (index, name) in model.tierNames.enumerated() {
      let step = index == 0 ? nil : Double(model.thresholds.increments[index - 1])
      table.append([
        name, NumberFormat.decimal(step, places: 4),
        model.tierCosts.isEmpty ? "unknown" : NumberFormat.short(model.tierCosts[index]),
        describe(model.calibrations[index]) + (model.jointCalibration == nil ? "" : ", corrected by all tiers"),
      ])
    }
    return table.text()
  }

  private func describe(_ calibration: Calibration) -> String {
    switch calibration {
    case .platt(let slope, let intercept):
      "Platt, slope \(NumberFormat.decimal(Double(slope), places: 3)), intercept \(NumberFormat.decimal(Double(intercept), places: 3))"
    case .isotonic(let x, _): "isotonic, \(x.count) knots"
    }
  }

  private var tensors: String {
    var table = TextTable(["tensor", "type", "shape", "bytes"])
    for tensor in file.tensors {
      table.append([
        tensor.name, tensor.elementType.rawValue, "\(tensor.shape)", NumberFormat.count(tensor.bytes.count),
      ])
    }
    return table.text()
  }

  private var metadata: String {
    let entries = file.metadata.sorted { $0.key < $1.key }
      .map { (key: SafeText.name($0.key), value: SafeText.name($0.value, limit: 1_000)) }
    let width = entries.map(\.key.count).max() ?? 0
    return entries.map { $0.key + String(repeating: " ", count: width - $0.key.count + 2) + $0.value }
      .joined(separator: "\n")
  }
}
