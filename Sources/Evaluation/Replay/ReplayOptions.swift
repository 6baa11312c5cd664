/// How a replay is reported.
package struct ReplayOptions: Sendable, Equatable {
  /// How intervals of quality are computed; their confidence is that of all intervals.
  package var bootstrap: BootstrapParameters
  /// The loss of quality that is taken for none, 0…1.
  package var margin: Double

  /// Whether the period was fixed before anybody looked: then intervals need not hold at all times.
  package var isPeriodFixed = false

  /// Creates options; the defaults are those of the command line.
  package init(bootstrap: BootstrapParameters = .init(), margin: Double = 0.01) {
    self.bootstrap = bootstrap
    self.margin = margin
  }

  /// Of intervals, above 0 and below 1.
  package var confidence: Double { bootstrap.confidence }
}
