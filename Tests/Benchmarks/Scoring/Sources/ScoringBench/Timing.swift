import Glibc

/// Nanoseconds of a clock; by default of one that only goes forward.
func nanoseconds(_ clock: clockid_t = CLOCK_MONOTONIC) -> Int {
  var time = timespec()
  clock_gettime(clock, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Times of one call over many repeats.
struct Timing {
  private(set) var samples: [Double] = []

  mutating func add(_ nanoseconds: Double) { samples.append(nanoseconds) }

  var minimum: Double { samples.min() ?? 0 }

  var median: Double { samples.sorted()[samples.count / 2] }
}
