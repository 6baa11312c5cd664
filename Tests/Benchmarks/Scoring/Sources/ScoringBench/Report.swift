/// Prints results for people or for programs.
enum Report {
  static func table(_ cases: [BenchCase]) {
    print(
      "| model | part | text | bytes | prompts | median ns | min ns |\n| --- | --- | --- | ---: | ---: | ---: | ---: |")
    for row in cases {
      print(
        "| \(row.model) | \(row.part.rawValue) | \(row.kind.rawValue) | \(row.byteCount) | \(row.promptCount) |",
        "\(Int(row.timing.median)) | \(Int(row.timing.minimum)) |")
    }
  }

  static func table(_ batch: BatchResult) {
    print("\nbatch of 1 KB prompts: \(Int(batch.rates[0])) decisions/s on one thread, \(Int(batch.rates[1])) on two")
    print(
      "efficiency \(Int((batch.efficiency * 100).rounded())) % of twice one thread, by processor time",
      "\(Int((batch.processorEfficiency * 100).rounded())) %: \(batch.processorTimes.map { Int($0) }) ns a decision")
  }

  static func json(_ cases: [BenchCase], _ batch: BatchResult) {
    let rows = cases.map { row in
      "    {\"model\": \"\(row.model)\", \"part\": \"\(row.part.rawValue)\", \"text\": \"\(row.kind.rawValue)\", "
        + "\"bytes\": \(row.byteCount), \"prompts\": \(row.promptCount), "
        + "\"median_ns\": \(row.timing.median), \"min_ns\": \(row.timing.minimum)}"
    }
    print("{\n  \"rows\": [\n\(rows.joined(separator: ",\n"))\n  ],")
    print("  \"batch_per_second\": \(batch.rates), \"batch_efficiency\": \(batch.efficiency),")
    print("  \"batch_processor_efficiency\": \(batch.processorEfficiency)\n}")
  }
}
