import Evaluation
import Foundation
import Ockham
import Statistics

/// `simulate [MONTHS] [SEED]`: see the script of that name.
let arguments = CommandLine.arguments
let days = 30
let shiftDay = 14

/// Month `number` of a seed.
func world(_ number: Int, _ shift: World.Shift, seed: UInt64) -> World {
  World(
    habits: World.Habits.all[number % World.Habits.all.count], shift: shift,
    shiftDay: shift == .none ? .max : shiftDay, seed: seed &* 1_000_003 &+ UInt64(number))
}

/// The first day of an alarm of one month, by who says so; counted from the reference's end.
struct Month {
  var first: [String: Int] = [:]
  var cause = ""

  mutating func alarm(_ who: String, _ day: Int) {
    if first[who] == nil { first[who] = day }
  }
}

let ours = ["drift", "drift: labels", "canary prompts"]
let others = [
  "PSI > 0.10, a day", "PSI > 0.10, a week", "Evidently, any column", "Evidently, dataset", "Evidently, target",
]

func play(_ number: Int, _ shift: World.Shift, seed: UInt64, terms: DriftTerms) -> Month {
  var traffic = world(number, shift, seed: seed)
  var month = Month()
  var (all, week, lastWeek): ([[World.Request]], [World.Request], [World.Request]) = ([], [], [])
  var canaries = CanaryPrompts(prompts: 20, daysToFalseAlarm: terms.daysToFalseAlarm, referenceRounds: 7 * 24)
  for day in 0..<days {
    let requests = traffic.day(day)
    all.append(requests)
    for result in traffic.canaries(day) { canaries.add(result.prompt, result.isGood) }
    if canaries.hasAlarm { month.alarm("canary prompts", day) }
    if day < 7 { week += requests }
  }
  let rivals = Rivals(week)
  for day in 7..<days {
    let isDone = others.allSatisfy { month.first[$0] != nil }
    if isDone { break }
    let verdict = rivals.verdict(all[day], week: week)
    if verdict.psi { month.alarm(others[0], day) }
    if verdict.evidentlyColumn { month.alarm(others[2], day) }
    if verdict.evidentlyDataset { month.alarm(others[3], day) }
    if verdict.evidentlyTarget { month.alarm(others[4], day) }
    if day >= 13, month.first[others[1]] == nil {
      lastWeek = all[day - 6...day].flatMap(\.self)
    }
    if day >= 13, month.first[others[1]] == nil, rivals.verdict(lastWeek, week: week).psi {
      month.alarm(others[1], day)
    }
  }
  watch(all, terms, &month)
  return month
}

/// Watches as the library does.
func watch(_ all: [[World.Request]], _ terms: DriftTerms, _ month: inout Month) {
  var table = DriftTable(columns: World.Request.columns, tiers: 2)
  for requests in all { for request in requests { table.add(request.facts) } }
  let report = DriftReport(
    table, reference: nil, tierNames: ["small", "large"], terms: terms, period: .init(hasWholeDays: true))
  for test in report.tests {
    guard let day = test.firstAlarm else { continue }
    if month.first["drift"].map({ day < $0 }) ?? true {
      month.first["drift"] = day
      month.cause = "\(test.name): \(test.cause ?? "")"
    }
    if test.name.hasPrefix("calibration") {
      month.first["drift: labels"] = min(day, month.first["drift: labels"] ?? day)
    }
  }
}

/// A line at once, also into a file.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

if arguments.count > 3, arguments[1] == "--csv" {
  let seed = UInt64(arguments[3]) ?? 1
  let kind = arguments.count > 4 ? World.Shift.allCases[Int(arguments[4]) ?? 0] : .none
  var traffic = world(Int(arguments[2]) ?? 0, kind, seed: seed)
  say("day,bytes,language,task,score,tier,cost,latency,failed,label")
  for day in 0..<days {
    for request in traffic.day(day) {
      let label = request.label.map { "\($0)" } ?? ""
      say(
        "\(day),\(request.bytes),\(request.language),\(request.task),\(request.logits[0]),\(request.tier),\(request.costUSD),\(request.latency),\(request.hasFailed ? 1 : 0),\(label)"
      )
    }
    _ = traffic.canaries(day)
  }
  exit(0)
}

if arguments.count > 3, arguments[1] == "--rivals" {
  var traffic = world(Int(arguments[2]) ?? 0, .none, seed: UInt64(arguments[3]) ?? 1)
  let month = (0..<days).map { day in
    defer { _ = traffic.canaries(day) }
    return traffic.day(day)
  }
  let week = Array(month[..<7].joined())
  let rivals = Rivals(week)
  say((7..<days).map { "\(rivals.verdict(month[$0], week: week).drifted)" }.joined(separator: " "))
  exit(0)
}

let months = arguments.count > 1 ? Int(arguments[1]) ?? 200 : 200
let seed = arguments.count > 2 ? UInt64(arguments[2]) ?? 1 : 1
let terms = DriftTerms()
say(
  "\(months) months where nothing changes, half as many of each change, of \(days) days with about \(World.requestsPerDay) requests, seed \(seed); the first week is the reference, the change comes on day \(shiftDay + 1); audits \(World.auditRate), canary prompts 20 an hour; mean days to a false alarm: \(terms.daysToFalseAlarm)\n"
)
say("| what changes | who | alarms before it | alarms after it | days until then: median, 90 % | alarms never |")
say("| --- | --- | --- | --- | --- | --- |")
for shift in World.Shift.allCases {
  var found: [Month] = []
  // What changes something needs fewer months to be distinguished.
  for number in 0..<(shift == .none ? months : max(1, months / 2)) {
    found.append(play(number, shift, seed: seed, terms: terms))
  }
  let start = shift == .none ? days : shiftDay
  for who in ours + others {
    let firsts = found.map { $0.first[who] }
    let early = firsts.count { $0.map { $0 < start } ?? false }
    let delays = firsts.compactMap { $0 }.filter { $0 >= start }.map { $0 - start + 1 }.sorted()
    let never = firsts.count { $0 == nil }
    let spread =
      delays.isEmpty ? "–" : "\(delays[delays.count / 2]), \(delays[min(delays.count - 1, delays.count * 9 / 10)])"
    say("| \(shift.rawValue) | \(who) | \(early) | \(delays.count) | \(spread) | \(never) |")
  }
  if shift == .none { for month in found where month.first["drift"] != nil { say("<!-- \(month.cause) -->") } }
}

/// Labels alone, however long it takes: how many until a tier that is worse is told.
say(
  "\n| the tier is worse by | labels until an alarm: median, 90 % of 200 | false alarms before, of 200, in 2,000 labels |"
)
say("| --- | --- | --- |")
for worse in [0.05, 0.1, 0.2] {
  var (found, early): ([Int], Int) = ([], 0)
  for number in 0..<200 {
    var random = SplitMix64(seed: seed, 77, UInt64(number), UInt64(worse * 100))
    var detector = BettingDetector(lowest: -1 - terms.tolerance)
    // As many tests share the false alarms as above; 20 labels come a day.
    let limit = log(14 * terms.daysToFalseAlarm * World.auditRate * Double(World.requestsPerDay))
    var (count, isFalse) = (0, false)
    while count < 40_000 {
      let p = 0.5 + 0.45 * random.unit()
      let isGood = random.unit() < p - (count >= 2_000 ? worse : 0)
      detector.add(p - (isGood ? 1 : 0) - terms.tolerance)
      count += 1
      if detector.evidence >= limit {
        if count > 2_000 { break }
        isFalse = true
        detector.restart()
      }
    }
    early += isFalse ? 1 : 0
    found.append(count - 2_000)
  }
  found.sort()
  say("| \(Int((worse * 100).rounded())) points | \(found[100]), \(found[180]) | \(early) |")
}
