import Foundation
package import Programs

/// A program that decides whether an answer is good: exit status 0 says yes.
///
/// The answer is a file; it is never part of a command line, and no shell is involved. In the arguments, `{answer}`,
/// `{reference}` and `{question}` stand for the paths of files with these texts; without `{answer}` the answer's path
/// is added at the end. The program reads nothing from standard input, and what it prints is dropped. Of the environment it
/// gets what a program needs to run and what is named, and nothing else, since answers may be programs themselves.
package struct UnitTestCommand: Sendable {
  private let program: Program

  /// `nil` without a program, or with a limit that is not above 0.
  /// - Parameter variables: of the environment, that it gets beside ``Program/usualVariables``.
  package init?(arguments: [String], timeLimitSeconds: Double, variables: [String] = []) {
    guard
      let program = Program(arguments: arguments, timeLimitSeconds: timeLimitSeconds, variables: variables)
    else { return nil }
    self.program = program
  }

  /// The program and its arguments.
  package var arguments: [String] { program.arguments }

  /// The script that an interpreter would read, where the command names one that is not there.
  ///
  /// An interpreter without its script ends like a program that finds every answer wrong.
  package var missingScript: String? {
    let program = arguments[0].split(separator: "/").last ?? ""
    guard Self.interpreters.contains(where: { Self.is(program, $0) }), arguments.count > 1 else { return nil }
    let script = arguments[1]
    guard !script.hasPrefix("-"), !script.contains("{") else { return nil }
    return FileManager.default.fileExists(atPath: script) ? nil : script
  }

  private static let interpreters = ["python", "node", "ruby", "perl", "bash", "sh", "zsh", "php", "lua", "Rscript"]

  /// `python`, `python3` and `python3.12` are one interpreter.
  private static func `is`(_ program: Substring, _ interpreter: String) -> Bool {
    program.hasPrefix(interpreter)
      && program.dropFirst(interpreter.count).allSatisfy { $0.isNumber || $0 == "." }
  }

  /// How a program ended.
  package typealias Verdict = Program.Ending

  /// Runs the program on one answer.
  /// - Throws: ``LabelError/temporaryFile(reason:)``; ``LabelError/commandNotStarted(program:reason:)``, also for the exit
  ///   statuses 126 and 127, with which shells and `env` say that there is no such program.
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
    let verdict: Verdict
    do { verdict = try program.run(words).ending } catch {
      throw .commandNotStarted(program: error.program, reason: error.reason)
    }
    if case .failed(let status) = verdict, status == 126 || status == 127 {
      throw .commandNotStarted(
        program: arguments[0],
        reason:
          "it ended with status \(status), as when what it should run \(status == 126 ? "may not be run" : "is not there")"
      )
    }
    return verdict
  }

  /// The arguments with placeholders replaced.
  private func commandLine(_ path: (String) -> String) -> [String] {
    let template = arguments.contains { $0.contains("{answer}") } ? arguments : arguments + ["{answer}"]
    return template.map { word in
      ["{answer}", "{reference}", "{question}"].reduce(word) { $0.replacing($1, with: path($1)) }
    }
  }
}
