/// Recognises answers that decline to answer by how they begin.
///
/// A short list of openings in a few languages, each of which says more than "sorry": answers that apologise and go on
/// pass. It misses refusals in other words, and it may take a story that begins like one for a refusal; a cascade then
/// asks one tier more.
package enum Refusal {
  /// What is read of an answer, in characters.
  private static let window = 200

  /// Whether a text begins with a refusal.
  package static func begins(_ text: String) -> Bool {
    let head = String(normalised(text.prefix(window)))
    let rest = apologies.first { head.hasPrefix($0) }.map {
      head.dropFirst($0.count).drop { " ,.;:!-–—，。、！".contains($0) }
    }
    let withoutBut = (rest ?? head[...]).trimmingPrefix(oneOf: ["but ", "aber ", "mais ", "pero ", "ma ", "mas "])
    return openings.contains { withoutBut.hasPrefix($0) || head.hasPrefix($0) }
  }

  /// Lower case, straight apostrophes, single spaces.
  private static func normalised(_ text: Substring) -> String {
    var result = ""
    for character in text.lowercased() {
      if character.isWhitespace {
        if !result.isEmpty, result.last != " " { result.append(" ") }
      } else {
        result.append(character == "\u{2019}" || character == "\u{2BC}" ? "'" : character)
      }
    }
    return result
  }

  /// What refusals may begin with; alone it is none.
  private static let apologies = [
    "i'm sorry", "i am sorry", "sorry", "i apologize", "i apologise", "my apologies", "unfortunately",
    "es tut mir leid", "tut mir leid", "leider", "je suis désolé", "désolé", "malheureusement", "lo siento",
    "lamentablemente", "mi dispiace", "purtroppo", "desculpe", "sinto muito", "het spijt me", "извините", "к сожалению",
    "抱歉", "很抱歉", "对不起", "申し訳ありませんが", "申し訳ございませんが", "죄송합니다", "죄송하지만", "عذراً", "آسف",
  ]

  private static let openings = [
    "i can't help with", "i cannot help with", "i can't assist", "i cannot assist", "i can't provide",
    "i cannot provide", "i can't fulfill", "i cannot fulfill", "i can't comply", "i cannot comply", "i can't do that",
    "i cannot do that", "i can't answer", "i cannot answer", "i'm unable to", "i am unable to", "i'm not able to",
    "i am not able to",
    "i won't be able to", "i will not be able to", "i can't create", "i cannot create", "i can't generate",
    "i cannot generate",
    "i can't discuss", "i cannot discuss", "i'm not comfortable", "i am not comfortable", "i must decline",
    "i have to decline", "i won't help", "i will not help", "i won't provide", "i will not provide",
    "as an ai language model", "as an ai, i can", "it's against my", "it is against my", "dabei kann ich nicht",
    "dabei kann ich dir nicht",
    "dabei kann ich ihnen nicht", "dabei kann ich leider", "das kann ich nicht", "ich kann dir dabei nicht",
    "ich kann ihnen dabei nicht", "ich kann diese anfrage nicht", "ich kann nicht", "je ne peux pas",
    "je ne suis pas en mesure", "no puedo", "non posso", "não posso", "ik kan u niet", "ik kan je niet", "ik kan niet",
    "я не могу", "не могу", "我无法", "我不能", "无法", "お手伝いできません", "お答えできません", "도와드릴 수 없", "لا أستطيع",
    "لا يمكنني",
  ]
}

extension Substring {
  /// The text without the first of the beginnings that it has.
  fileprivate func trimmingPrefix(oneOf beginnings: [String]) -> Substring {
    beginnings.first { hasPrefix($0) }.map { dropFirst($0.count) } ?? self
  }
}
