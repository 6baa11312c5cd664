import TextKit

/// What ends an import. Rows that are merely bad are ``LogProblem``s, and are counted.
package enum ImportError: Error, Sendable, Hashable {
  /// Reading an input or writing the log failed.
  case log(LogError)
  /// A table lacks a column that the command line or the format names.
  case missingColumn(path: String, column: String, found: [String])
  /// A table names a column twice, so that its values are ambiguous.
  case repeatedColumn(path: String, column: String)
  /// A table has no header line.
  case noHeader(path: String)
  /// A table has no column that can be a model.
  case noModelColumns(path: String)
  /// An option does not have its form.
  case badOption(name: String, expected: String, found: String)
  /// Files that must be read more than once, or be distinguished by name, cannot come from a pipe.
  case needsFile(format: ImportFormat)
  /// A run that every question of its set has was expected, and none is left.
  case noCompleteRun(paths: [String], questions: Int)
  /// No form knows the rows of a file.
  case unknownForm(path: String, keys: [String])
  /// A file is a request log already.
  case isLog(path: String)
  /// A file says nothing of what was asked.
  case noPrompts(path: String, keys: [String])
  /// Several forms know the rows of a file equally well.
  case ambiguousForm(path: String, candidates: [String])
  /// Files of one call have several forms.
  case mixedForms(files: [String])
  /// Scores are marks on another scale than 0 to 1, and no one says on which.
  case marks(place: String, least: Double, greatest: Double, range: String)
  /// No row could be used; the reasons are a line each.
  case nothingUsable(LogError, reasons: [String])
}

extension ImportError: CustomStringConvertible {
  /// One line: place, expected, found, remedy.
  package var description: String {
    switch self {
    case .log(let error): "\(error)"
    case .missingColumn(let path, let column, let found):
      "\(path):1: expected a column \(Self.header(column)), found \(Self.list(found)); "
        + "name the columns as the header line spells them, and check --delimiter"
    case .repeatedColumn(let path, let column):
      "\(path):1: expected each column once, found \(Self.header(column)) twice; rename one of the two"
    case .noHeader(let path): "\(path): expected a header line, found an empty file; check the path"
    case .noModelColumns(let path):
      "\(path):1: expected prompt and a column per model, found no model; check that the format is the right one"
    case .badOption(let name, let expected, let found): "\(name): expected \(expected), found \(found); fix the option"
    case .needsFile(let format):
      "expected a file, found standard input; \(format.rawValue) takes names from its files: name them instead of -"
    case .noCompleteRun(let paths, let questions):
      "\(paths.joined(separator: ", ")): expected a model with answers to nearly all of \(NumberFormat.count(questions)) "
        + "questions, found none; lower --minimum-coverage"
    case .unknownForm(let path, let keys):
      "\(path): expected a known form of log, found rows with \(Self.list(keys)); "
        + "name the fields with --prompt-field or --messages-field, --response-field, --model-field and --quality-field, "
        + "or the form with --format"
    case .isLog(let path): "\(path): expected another form, found a request log; use it as it is"
    case .noPrompts(let path, let keys):
      "\(path): expected what was asked, found no prompts (\(Self.list(keys))); name their field with --prompt-field, or export a "
        + "log that keeps prompts or messages"
    case .ambiguousForm(let path, let candidates):
      "\(path): expected one form, found keys of \(candidates.joined(separator: " and of ")); "
        + "choose with --format \(candidates.joined(separator: " or --format "))"
    case .mixedForms(let files):
      "expected files of one form, found \(files.joined(separator: ", ")); import each form by itself, or choose with --format"
    case .marks(let place, let least, let greatest, let range):
      "\(place): expected scores from 0 to 1, found scores from \(NumberFormat.short(least)) to \(NumberFormat.short(greatest)); "
        + "say which scale they are on with --quality-range \(range), or leave them out with --quality-field none"
    case .nothingUsable(let error, let reasons): (["\(error)"] + reasons).joined(separator: "\n")
    }
  }

  private static func list(_ columns: [String]) -> String {
    let shown = columns.prefix(12).map { header($0) }.joined(separator: ", ")
    return columns.count > 12 ? "\(shown) and \(columns.count - 12) more" : shown
  }

  /// The name of a column or key in quotes. A long one is described only: where a header line is missing, it is what was asked.
  static func header(_ name: String) -> String {
    name.unicodeScalars.count <= SafeText.maximumLabelBytes
      ? "\"\(SafeText.name(name))\"" : "a string of " + SafeText.describe(name)
  }
}

extension ImportError {
  /// The exit status of a command that ends with this error: 64 usage, 65 bad data, 66 missing input, 74 I/O.
  package var exitStatus: Int32 {
    switch self {
    case .log(let error), .nothingUsable(let error, _): error.exitStatus
    case .badOption, .needsFile: 64
    default: 65
    }
  }
}
