import ArgumentParser
import Foundation
import Judging
import Labelling
import RequestLog
import TextKit

/// `ockham collect`: ask models for the answers that a log lacks.
struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Ask models for the answers that a log lacks, within a budget.",
    discussion: """
      Example:

        ockham collect log.jsonl --plan \\
          --ask small=gpt-4o-mini@https://api.example.com/v1 \\
          --price small=0.15,0.6
        ockham collect log.jsonl --output answers.jsonl \\
          --ask small=gpt-4o-mini@https://api.example.com/v1 \\
          --price small=0.15,0.6 --api-key-env API_KEY --max-cost-usd 5

      A tier is asked where neither its own outcome nor its model's has an answer or a quality. Any address that speaks as \
      OpenAI does will do, the gateway's too. Messages, tools, response_format, limits and sampling of the request are sent \
      along; tools that a provider would run itself are left out, and tool calls are written down, never executed.

      --plan asks no one: it says how many records lack answers, and what labels for a wanted precision cost. --select uniform \
      draws records with one probability, --select uncertain (with --model) those more often whose outcome the model is less \
      sure of, never more than 5 times as often as others; how many follows from --half-width, --labels or, without these, \
      from --max-cost-usd. Outcomes keep origin "collected" and the probability as inclusion, so that what is learned from \
      them is about the whole log.

      The cap holds at every moment: a call is made only where the most that it can cost is left. Answers that were paid for are \
      kept in a journal: the same command goes on after an interruption, or after the cap was raised.
      """)

  @Argument(help: "The log: JSONL, gzip'd JSONL or SQLite.", completion: .file())
  var log: String

  @Option(help: "The log to write.", completion: .file())
  var output: String?

  @Flag(help: "Ask no one: say what would be asked, and what it costs.")
  var plan = false

  @OptionGroup var asked: AskArguments

  @Option(help: "Which records are asked. uncertain needs --model.")
  var select: CollectPlan.Selection = .all

  @Option(
    help: "The model that says what is uncertain: a folder that train wrote, or a model file.", completion: .file())
  var model: String?

  @Option(help: "Ask about so many records.")
  var labels: Int?

  @Option(
    help: ArgumentHelp(
      "Ask as many as bring the 95 % interval of the mean quality difference to this half-width, such as 0.02.",
      valueName: "quality"))
  var halfWidth: Double?

  @Option(help: "Another seed draws other records.")
  var seed = 1

  @Flag(help: "Stop at the first bad line instead of reporting and keeping it as it is.")
  var strict = false

  func validate() throws {
    if output == nil, !plan { throw ValidationError("expected --output LOG or --plan, found neither; add one") }
    if log == "-" { throw ValidationError("collect reads the log twice: name a file instead of -") }
    if (select == .uncertain) != (model != nil) {
      throw ValidationError("--select uncertain needs --model, and --model is for --select uncertain")
    }
    if labels != nil, halfWidth != nil { throw ValidationError("give either --labels or --half-width") }
    if select == .all, !plan, labels != nil || halfWidth != nil {
      throw ValidationError("--labels and --half-width go with --select uniform or uncertain: all is all")
    }
    if let labels, labels < 1 { throw ValidationError("--labels: expected at least 1, found \(labels)") }
    if let halfWidth, !(halfWidth > 0 && halfWidth < 1) {
      throw ValidationError("--half-width: expected a number above 0 and below 1, found \(halfWidth)")
    }
    try asked.validateForUse(isPlan: plan)
  }

  func run() throws {
    try Failure.report {
      try Failure.check(output: output, differsFrom: [log])
      try collect()
    }
  }

  private func collect() throws {
    let progress = ProgressLine()
    defer { progress.finish() }
    let interruption = Interruption()
    var options = LabelOptions()
    options.isStrict = strict
    options.isCancelled = { interruption.isRequested }
    options.onProgress = { progress.set(done: Double($0.bytesRead), total: $0.totalBytes.map(Double.init)) }
    let targets = try asked.targets(isPlan: plan)
    progress.begin("reading", unit: "B", total: nil)
    let plan = try CollectPlan(
      logPath: log, targets: targets, selection: select, seed: seed, maximumTokens: asked.maxOutputTokens,
      options: options, deviation: try model.map { try UncertainDifference($0, tiers: targets.map(\.tier)) }?.deviation)
    progress.finish()
    plan.report(log: log)
    guard let output, !self.plan else { return try plan.reportPrices(halfWidth: halfWidth, labels: labels, targets) }
    let rate = try rate(plan)
    let journal = try CollectJournal(path: asked.journal ?? output + ".journal")
    let picked = plan.drawn(rate: rate)
    announce(plan, rate, picked, journal)
    var run = CollectRun(
      inputPath: log, outputPath: output, targets: targets, plan: plan, rate: rate, journal: journal,
      budget: JudgeBudget(capUSD: asked.maxCostUSD, tokenPrice: nil), maximumTokens: asked.maxOutputTokens,
      concurrency: asked.concurrency, options: options)
    progress.begin("asking", unit: "answers", total: Double(picked.calls))
    let budget = run.budget
    run.onAnswer = { progress.advance(note: "\(NumberFormat.usd(budget.spentUSD)) spent") }
    let summary = try BlockingTask.value { [run] in try await run.run() }
    progress.finish()
    try summary.report(spentUSD: budget.spentUSD)
    StandardError.write("wrote \(output)\n")
    if summary.isCapped {
      throw Failure.refused(
        "the cap of \(NumberFormat.usd(asked.maxCostUSD)) was reached: the last drawn records of the log have no answer, so that "
          + "what is learned from \(output) is not about all of the log; raise --max-cost-usd and run again: what was paid for is "
          + "kept")
    }
    NextStep.say(next(output, targets, plan.names))
  }

  /// The rate at which records are asked.
  private func rate(_ plan: CollectPlan) throws -> Double {
    if select == .all {
      let cost = plan.forecast(rate: plan.fullRate).usd
      guard let cap = asked.maxCostUSD, cost > cap else { return plan.fullRate }
      throw Failure.refused(
        "asking all is expected to cost \(NumberFormat.usd(cost)), more than --max-cost-usd \(NumberFormat.usd(cap)); raise it, or "
          + "let --select uniform draw as many records as it pays")
    }
    if let labels { return plan.rate(for: .labels(labels)) }
    if let halfWidth {
      let rate = plan.rate(for: .halfWidth(halfWidth))
      guard plan.forecast(rate: rate).halfWidth > halfWidth * 1.0001 else { return rate }
      throw Failure.refused(
        "--half-width \(halfWidth): expected a precision that the log can give, found "
          + "\(NumberFormat.decimal(plan.forecast(rate: plan.fullRate).halfWidth, places: 4)) at most, with all of it asked; name a "
          + "greater one or add records")
    }
    // Answers may be longer than expected: a tenth is kept for that.
    return asked.maxCostUSD.map { plan.rate(for: .usd(0.9 * $0)) } ?? plan.fullRate
  }

  private func announce(
    _ plan: CollectPlan, _ rate: Double, _ picked: (records: Int, calls: Int), _ journal: CollectJournal
  ) {
    let forecast = plan.forecast(rate: rate)
    StandardError.write(
      "asking about \(NumberFormat.count(picked.records)) records: \(NumberFormat.count(picked.calls)) calls, about "
        + "\(NumberFormat.usd(forecast.usd)), capped at \(NumberFormat.usd(asked.maxCostUSD)); the journal holds "
        + "\(NumberFormat.count(journal.count)) answers and \(NumberFormat.usd(journal.totalCostUSD)) of that\n")
  }

  /// The most expensive of several is taken to be the strongest.
  private func next(_ output: String, _ targets: [CollectTarget], _ names: [String]) -> NextStep {
    let prices = targets.map(\.price.outputUSDPerMillion)
    let mostExpensive = targets.count > 1 ? prices.indices.max { prices[$0] < prices[$1] } : nil
    return .judge(
      log: output, tiers: targets.map { "\($0.tier)=\($0.model)" }, isDrawn: select != .all,
      frontier: mostExpensive.map { names[$0] })
  }
}

extension CollectPlan.Selection: ExpressibleByArgument {}
