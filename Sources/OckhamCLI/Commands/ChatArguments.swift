import ArgumentParser
import Foundation
import RequestLog

/// How scores become qualities.
struct RatingArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Qualities of scores that are words, such as up=1,down=0.", valueName: "word=quality,…"))
  var qualityMap: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The least and the greatest score, such as 1..5.", valueName: "least..greatest"))
  var qualityRange: String?

  func scale() throws(ImportError) -> RatingScale {
    var scale = RatingScale()
    for pair in (qualityMap ?? "").split(separator: ",") {
      guard let pair = NamedColumn(String(pair)), let quality = Double(pair.column), (0...1).contains(quality) else {
        throw .badOption(
          name: "--quality-map", expected: "WORD=QUALITY with qualities from 0 to 1", found: "another text")
      }
      scale.words[pair.model.lowercased()] = quality
    }
    guard let qualityRange else { return scale }
    let bounds = qualityRange.components(separatedBy: "..").compactMap(Double.init)
    guard bounds.count == 2, bounds[0] < bounds[1], bounds.allSatisfy(\.isFinite) else {
      throw .badOption(name: "--quality-range", expected: "LEAST..GREATEST, such as 1..5", found: "another text")
    }
    scale.range = bounds[0]...bounds[1]
    return scale
  }
}

/// Which fields of a row hold what.
struct ChatArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The field of a prompt that is a string.", valueName: "path"))
  var promptField: String?

  @Option(help: ArgumentHelp("The field of the messages, such as request.messages.", valueName: "path"))
  var messagesField: String?

  @Option(
    help: ArgumentHelp(
      "The field of the answer: a string, a message or a body, such as choices[0].message.content.", valueName: "path"))
  var responseField: String?

  @Option(help: ArgumentHelp("The field of the model's name.", valueName: "path"))
  var modelField: String?

  @Option(help: ArgumentHelp("The field of the id.", valueName: "path"))
  var idField: String?

  @Option(
    help: ArgumentHelp("The field of the quality, such as feedback.score; none leaves scores out.", valueName: "path"))
  var qualityField: String?

  @Option(help: ArgumentHelp("The field of the cost in USD.", valueName: "path"))
  var costField: String?

  @Option(help: ArgumentHelp("The field of the latency in milliseconds.", valueName: "path"))
  var latencyField: String?

  @Option(help: ArgumentHelp("The model that answered, where a line does not say.", valueName: "name"))
  var model: String?

  var fields: ChatFields {
    var fields = ChatFields()
    fields.promptField = promptField
    fields.messagesField = messagesField
    fields.responseField = responseField
    fields.modelField = modelField
    fields.idField = idField
    fields.quality = qualityField
    fields.costUSD = costField
    fields.latencyMilliseconds = latencyField
    fields.model = model
    return fields
  }
}
