extension PageRoute {
  /// All that can be asked on the operator's listener.
  static let all: [PageRoute] =
    [
      style, script, reportStyle, icon, login, logIn, logOut, overview, requests, request, thresholds, audit, rate,
      playground, play, promotionPage, alertsPage, session, events, overviewData, requestsData, requestData,
      thresholdsData, auditData, rateData, playData, promotionData, experimentData, alertData, budgetData,
    ] + promotionActions + alertActions
}
