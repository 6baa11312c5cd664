import Glibc
import Ockham

/// Takes samples as another program asks for them, so that scorers in other languages can take turns on the same prompts.
///
/// Writes the prompts of each length to `folder/BYTES-NUMBER.txt` and some to train on to `folder/train-NUMBER.txt`. Prints a
/// line `name TAB bytes` for each row, then an empty one. Each line read is the number of a row; the answer is one sample of
/// it in nanoseconds of processor time, which time spent waiting for a processor is not part of.
func serve(folder: String, models: [NamedModel]) throws {
  let cases = [100, 1_000, 10_000].flatMap { byteCount in
    models.map { model in
      let part = model.servesRequests ? Part.route : .response
      return BenchCase(model, part, .english, byteCount: byteCount, promptCount: min(64, 160_000 / byteCount))
    }
  }
  for row in cases where row.model == models[0].name {
    for (number, prompt) in row.prompts.enumerated() {
      try writeFile("\(folder)/\(row.byteCount)-\(number).txt", prompt)
    }
  }
  var prompts = Prompts(seed: 7)
  for number in 0..<400 { try writeFile("\(folder)/train-\(number).txt", prompts.next(.english, byteCount: 1_000)) }
  for row in cases { print("\(row.model)\(row.part == .response ? ", a response" : "")\t\(row.byteCount)") }
  print("")
  fflush(nil)
  while let line = readLine(), let number = Int(line), cases.indices.contains(number) {
    print(longSample(cases[number]))
    fflush(nil)
  }
}

/// Nanoseconds of a decision over about 5 ms, after as long a time to warm up: another program has had the caches and the
/// branch histories in between.
private func longSample(_ row: BenchCase) -> Double {
  let start = nanoseconds()
  while nanoseconds() < start + 5_000_000 { row.warmUp() }
  let first = row.timing.samples.count
  while nanoseconds() < start + 15_000_000 { row.sample(clock: CLOCK_THREAD_CPUTIME_ID) }
  let samples = row.timing.samples[first...]
  return samples.reduce(0, +) / Double(samples.count)
}

/// The system's number for what went wrong with a file.
struct FileError: Error {
  let path: String
  let number: Int32
}

private func writeFile(_ path: String, _ text: String) throws {
  guard let file = fopen(path, "wb") else { throw FileError(path: path, number: errno) }
  let bytes = Array(text.utf8)
  let written = fwrite(bytes, 1, bytes.count, file)
  guard fclose(file) == 0, written == bytes.count else { throw FileError(path: path, number: errno) }
}
