import ArgumentParser
import Foundation
import Registry
import TextKit
import Workflow

/// `ockham promote`: which version of a model serves, and every decision about that.
struct PromoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote",
    abstract:
      "Let a model serve, first a share of the conversations where you like, and write down every such decision.",
    discussion: """
      Example:

        ockham promote router --registry registry
        ockham promote router-new --registry registry --canary 0.05 --margin 0.01
        ockham promote --registry registry --status
        ockham promote --registry registry --complete

      A registry is a folder of files: versions by their hash, a pointer to those that serve, a journal that only grows. Nothing \
      in it is ever overwritten, one process changes it at a time, and a process that is killed leaves it whole.

      A gateway that follows the registry watches a canary: it takes out a candidate that is worse than the margin allows, more expensive, \
      slower or failing more often, and with --auto lets one serve alone that is proven as good and cheaper. GET /admin/promotion \
      shows how far it is.
      """)

  @Argument(help: "A folder that train wrote, or a model file.", completion: .file())
  var model: String?

  @Option(help: "The folder of the registry; made where a model is promoted.", completion: .directory)
  var registry: String

  @Option(help: "Give the model this share of the conversations instead of all, above 0 and below 1.")
  var canary: Double?

  @Option(help: "How much lower the candidate's quality may be, 0 to 1; 0.01 where not given.")
  var margin: Double?

  @Option(
    help:
      "The probability with which the registry's decisions are to be right, above 0 and below 1; 0.95 where not given.")
  var confidence: Double?

  @Flag(help: "Let the candidate serve alone as soon as it is proven as good by the margin, and cheaper.")
  var auto = false

  @Flag(help: "Let the candidate serve alone.")
  var complete = false

  @Flag(help: "Take the candidate out.")
  var abort = false

  @Flag(help: "Let the version serve again that served before.")
  var rollback = false

  @Flag(help: "Show what serves and the last decisions.")
  var status = false

  @Option(help: "Who decides, for the journal.")
  var by: String?

  @Option(help: "Why, in one sentence, for the journal.")
  var reason: String?

  @Option(help: "How to print the result.")
  var format: Format = .table

  /// How results are printed.
  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json }

  func validate() throws {
    let actions = [model != nil, complete, abort, rollback, status].count { $0 }
    guard actions == 1 else {
      throw ValidationError(
        "expected a model, --complete, --abort, --rollback or --status, found \(actions == 0 ? "none" : "several"); give one"
      )
    }
    if let canary, !(canary > 0 && canary < 1) {
      throw ValidationError(
        "--canary \(canary): expected a share above 0 and below 1; leave it out to let the model serve alone")
    }
    if canary == nil,
      let idle = [("--margin", margin != nil), ("--confidence", confidence != nil), ("--auto", auto)].first(where: \.1)
    {
      throw ValidationError("\(idle.0): expected --canary beside it, found none; it says what a candidate is held to")
    }
    if let margin, !(0...1).contains(margin) {
      throw ValidationError("--margin \(margin): expected a difference of qualities from 0 to 1")
    }
    if let confidence, !(confidence > 0 && confidence < 1) {
      throw ValidationError("--confidence \(confidence): expected a probability above 0 and below 1, such as 0.95")
    }
    for (name, text) in [("--by", by), ("--reason", reason)] where text?.contains(where: \.isNewline) ?? false {
      throw ValidationError("\(name): expected one line, found several")
    }
  }

  func run() throws {
    try Failure.report {
      if let wish {
        try Promotion(wish, in: registry, author: by, reason: reason).grant(at: Date().timeIntervalSince1970)
      }
      let status = try RegistryStatus(Registry(opening: URL(filePath: registry)))
      try StandardOutput.write(
        format == .json ? status.json.jsonText : status.text, as: format == .json ? .json : .text)
    }
  }

  private var wish: Promotion.Wish? {
    if let model {
      let usual = CanaryConditions()
      let conditions = CanaryConditions(
        margin: margin ?? usual.margin, confidence: confidence ?? usual.confidence, completesByItself: auto)
      return .promote(
        model: model, canary: canary.map { Promotion.Canary(share: $0, conditions: conditions) })
    }
    if complete { return .complete }
    if abort { return .abort }
    return rollback ? .rollBack : nil
  }
}
