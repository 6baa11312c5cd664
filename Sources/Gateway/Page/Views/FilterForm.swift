import Evaluation

/// The form that chooses a period and its requests. It works without a script: the choice is in the address.
struct FilterForm {
  let selection: PageSelection
  /// What is there to choose from: the period without a filter.
  let traffic: Traffic
  let path: String

  var markup: PageMarkup {
    """
    <form class="filter" method="get" action="\(path)" aria-label="Period and filters">
    \(choice("period", "Period", PagePeriod.allCases.map { ($0.rawValue, $0.name) }, selection.period.rawValue))
    \(names("key", "Key", \.key, \.key))
    \(names("task", "Task", \.task, \.task))
    \(names("tier", "Tier", \.tier, \.tier))
    \(names("policy", "Policy", \.policy, \.policy))
    \(kept)
    <button>Show</button>
    \(reset)
    </form>
    """
  }

  /// Filters that no field is there for come from a number that was opened; they stay.
  private var kept: PageMarkup {
    var fields: [PageMarkup] = []
    for (name, _, path) in TrafficFilter.names where ["reason", "target"].contains(name) {
      guard let value = selection.filter[keyPath: path] else { continue }
      fields.append(
        "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\"><span class=\"chip\">\(name): \(value)</span>")
    }
    if let isFailure = selection.filter.isFailure {
      fields.append(
        "<input type=\"hidden\" name=\"failed\" value=\"\(isFailure ? "yes" : "no")\"><span class=\"chip\">\(isFailure ? "failed" : "answered")</span>"
      )
    }
    return PageMarkup(fields)
  }

  private var reset: PageMarkup {
    selection.filter.isEmpty
      ? .empty : "<a href=\"\(path)?period=\(selection.period.rawValue)\">Without filters</a>"
  }

  private func names(
    _ name: String, _ title: String, _ part: KeyPath<TrafficKey, String?>, _ wanted: KeyPath<TrafficFilter, String?>
  ) -> PageMarkup {
    let known = Set(traffic.cells.keys.map { $0[keyPath: part] ?? TrafficFilter.none })
    let chosen = selection.filter[keyPath: wanted]
    let names = known.union(chosen.map { [$0] } ?? []).sorted()
    return choice(name, title, [("", "all")] + names.map { ($0, $0) }, chosen ?? "")
  }

  private func choice(
    _ name: String, _ title: String, _ options: [(value: String, text: String)], _ chosen: String
  ) -> PageMarkup {
    let options = options.map { option -> PageMarkup in
      let mark: PageMarkup = option.value == chosen ? " selected" : ""
      return "<option value=\"\(option.value)\"\(mark)>\(option.text)</option>"
    }
    return "<label>\(title) <select name=\"\(name)\">\(options)</select></label>"
  }
}
