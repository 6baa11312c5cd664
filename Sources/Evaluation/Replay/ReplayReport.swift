/// Candidate against incumbent on a log, as managers and programs read it: see <doc:Replay>.
package struct ReplayReport: Sendable, Equatable {
  /// One of the two policies.
  package struct Side: Sendable, Equatable {
    /// How the policy was named.
    package var name: String
    /// The share of requests per tier, by weight [T].
    package var share: [Double]
  }

  /// A rule of the candidate's configuration that the log cannot cover.
  package struct Doubt: Sendable, Equatable {
    package var name: String
    package var rows: Int
  }

  /// The labels of a log, by whether a candidate can have been made from them.
  package struct Labels: Sendable, Equatable {
    /// Rows whose labels the candidate was not made from, and all others.
    package var decidingRows = 0
    package var trainingRows = 0
    /// Of these, rows on which the policies differ and that are rated under both.
    package var deciding = 0
    package var training = 0
  }

  package var options: ReplayOptions
  package var tierNames: [String]
  package var incumbent: Side
  package var candidate: Side
  /// The rows that the estimates are about.
  package var rows: Int
  /// Those that a policy could have sent elsewhere.
  package var eligibleRows: Int
  package var conversations: Int
  /// The share of rows, by weight, on which the policies differ.
  package var disagreement: Double
  /// The first and the last of their times, in seconds since 1970; `nil` where no row has one.
  package var period: ClosedRange<Double>?
  package var labels: Labels
  /// Whether quality rests on labels alone that the candidate was not made from. Where these are too few, that of all labels is shown
  /// and decides nothing; dollars, latency and failures stay those of the deciding rows, unless these are hardly there.
  package var decides: Bool
  /// Whether quality is what users rated of their own accord, which decides nothing.
  package var restsOnFeedback: Bool
  package var estimates: [ReplayQuantity: ReplayEstimate]
  package var groups: [ReplayGroup]
  /// What stands against the whole comparison; `nil` for nothing.
  package var objection: ReplayRefusal?
  /// Rows that the candidate's rules would treat otherwise than they were logged, or may.
  package var foreignRows: Int
  /// The rules that the log cannot cover, and the rows that hang on each.
  package var doubtfulRules: [Doubt]
  /// Sentences of what read the log.
  package var notes: [String] = []
  /// The logs as they were named, and the day in UTC; empty where no one said.
  package var logs: [String] = []
  package var date = ""

  /// Compares two policies on the rows that decide, or on all where fewer than 50 conversations decide.
  ///
  /// - Parameter names: of the incumbent and the candidate, as they were named.
  /// - Complexity: O(n · T), for each kind of group again.
  package init(_ replay: ReplayLog, names: (incumbent: String, candidate: String), options: ReplayOptions = .init()) {
    let deciding = replay.selecting((0..<replay.rowCount).filter { replay.records[$0].decides })
    let span: ReplayEstimate.Span = options.isPeriodFixed ? .period : .always
    var (log, estimates) = (deciding, [ReplayQuantity: ReplayEstimate]())
    if deciding.rowCount > 0 {
      estimates = deciding.estimates(options.bootstrap, span: span, reach: options.margin)
    }
    decides = deciding.rowCount > 0 && estimates[.quality]?.refusal == nil
    if !decides, deciding.rowCount < replay.rowCount {
      if deciding.conversationCount < ReplayRefusal.leastConversations {
        (log, estimates) = (replay, replay.estimates(options.bootstrap))
      } else {
        // Later rows show dollars without labels, and a candidate that was fitted to older ones looks better there than it is.
        let quality = ReplayEstimate(replay, .quality, bootstrap: options.bootstrap)
        if quality.refusal == nil { estimates[.quality] = quality }
      }
    }
    restsOnFeedback = estimates[.quality]?.method == .propensities && log.usesFeedback
    if restsOnFeedback { decides = false }
    labels = Labels(replay)
    objection = log.objection
    foreignRows = log.isForeign.count { $0 }
    doubtfulRules = log.doubtfulRules.map { Doubt(name: $0.name, rows: $0.rows) }
    self.options = options
    self.estimates = estimates
    tierNames = log.log.tierNames
    incumbent = Side(name: names.incumbent, share: log.shares(log.incumbent))
    candidate = Side(name: names.candidate, share: log.shares(log.candidate))
    rows = log.rowCount
    eligibleRows = log.records.count(where: \.isEligible)
    conversations = log.conversationCount
    disagreement = log.share(log.differs)
    let times = log.records.compactMap(\.time)
    period = times.min().flatMap { first in times.max().map { first...$0 } }
    groups = ReplayGroup.Kind.allCases.flatMap { log.groups(by: $0, options.bootstrap) }
  }

  /// Why no quality is given; `nil` where one is.
  package var refusal: ReplayRefusal? { objection ?? estimates[.quality]?.refusal }

  /// What is estimated of a quantity; `nil` where the whole comparison is refused.
  package func estimate(_ quantity: ReplayQuantity) -> ReplayEstimate? {
    objection == nil ? estimates[quantity] : nil
  }
}

extension ReplayReport.Labels {
  fileprivate init(_ replay: ReplayLog) {
    self.init()
    for row in 0..<replay.rowCount {
      let decides = replay.records[row].decides
      if decides { decidingRows += 1 } else { trainingRows += 1 }
      guard replay.differs(row),
        case .known = replay.labels(row, .quality).difference(from: replay.incumbent[row], to: replay.candidate[row])
      else { continue }
      if decides { deciding += 1 } else { training += 1 }
    }
  }
}
