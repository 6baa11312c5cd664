/// What is said of logs in which nothing can be used, since another form of log must be imported first.
extension LogSource {
  /// Why there is no usable record: ``LogError/foreign(path:title:command:)`` where a file has another form of log.
  package func nothingUsable(_ summary: LogSummary) -> LogError {
    do throws(LogError) { try refuseForeign() } catch { return error }
    return .noRecords(paths: paths, rejected: summary.rejectedCount)
  }

  /// Looks whether `ockham import` knows a file as another form of log, for those who miss something in it.
  /// - Throws: ``LogError/foreign(path:title:command:)``.
  package func refuseForeign() throws(LogError) {
    for path in paths where path != "-" && (try? FileInput.checkedSize(path: path)) ?? nil != nil {
      try ForeignForm.refuse(path)
    }
  }
}
