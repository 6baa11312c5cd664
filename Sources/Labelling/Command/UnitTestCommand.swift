import Foundation

/// A program that decides whether an answer is good: exit status 0 says yes.
///
/// The answer is a file; it is never part of a command line, and no shell is involved. In the arguments, `{answer}`,
/// `{reference}` and `{question}` stand for the paths of files with these texts; without `{answer}` the answer's path
/// is added at the end. The program reads nothing from standard input, and what it prints is dropped. Environment
/// variables whose names look like secrets are withheld, since answers may be programs themselves.
package struct UnitTestCommand: Sendable {
  /// The program and its arguments.
  package var arguments: [String]
  /// The longest that one answer may take.
  package var timeLimitSeconds: Double

  /// `nil` without a program, or with a limit that is not above 0.
  package init?(arguments: [String], timeLimitSeconds: Double) {
    guard arguments.first?.isEmpty == false, timeLimitSeconds > 0, timeLimitSeconds.isFinite else { return nil }
    self.arguments = arguments
    self.timeLimitSeconds = timeLimitSeconds
  }

  /// How a program ended.
  package enum Verdict: Sendable, Hashable {
    case passed
    /// Another exit status, or a signal's number below 0.
    case failed(status: Int32)
    case timedOut
  }

  /// Runs the program on one answer.
  /// - Throws: ``LabelError/temporaryFile(reason:)``, ``LabelError/commandNotStarted(program:reason:)``.
  package func verdict(answer: String, reference: String?, question: String) throws(LabelError) -> Verdict {
    let folder = FileManager.default.temporaryDirectory.appending(path: "answer-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = [
      "{answer}": ("answer", answer), "{reference}": ("reference", reference ?? ""),
      "{question}": ("question", question),
    ]
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      for (name, text) in files.values { try Data(text.utf8).write(to: folder.appending(path: name)) }
    } catch { throw .temporaryFile(reason: "\(type(of: error))") }
    let words = commandLine { files[$0].map { folder.appending(path: $0.0).path } ?? $0 }
    let child = try ChildProcess(words, environment: Self.environment)
    return child.wait(seconds: timeLimitSeconds)
  }

  /// The arguments with placeholders replaced.
  private func commandLine(_ path: (String) -> String) -> [String] {
    let template = arguments.contains { $0.contains("{answer}") } ? arguments : arguments + ["{answer}"]
    return template.map { word in
      ["{answer}", "{reference}", "{question}"].reduce(word) { $0.replacing($1, with: path($1)) }
    }
  }

  private static var environment: [String] {
    let secrets = ["KEY", "TOKEN", "SECRET", "PASSWORD", "CREDENTIAL"]
    return ProcessInfo.processInfo.environment.filter { name, _ in
      !secrets.contains { name.uppercased().contains($0) }
    }.map { "\($0)=\($1)" }
  }
}
