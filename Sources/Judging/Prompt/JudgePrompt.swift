/// One question to a judge, as it is sent. Equal questions are equal bytes.
package struct JudgePrompt: Sendable, Hashable {
  /// What the judge is to do.
  package let system: String
  /// What it is to judge, between the marks of a ``Fence``.
  package let user: String
  /// 128 bits of the texts and the version of the wording, in hexadecimal: the name of this question in a journal.
  package let key: String

  init(system: String, keyed texts: [String], _ parts: [Fence.Part]) {
    self.system = system
    key = TextKey.of(texts)
    user = Fence(parts, key: key).text
  }

  /// About how many tokens the judge reads: a token for three bytes, rounded up, and twenty for the frame.
  ///
  /// Texts in English have rather four bytes to a token, as routing counts them. A budget must not be overdrawn in other
  /// languages and with other tokenizers, so that here it is three.
  package var estimatedInputTokens: Int { (system.utf8.count + user.utf8.count + 2) / 3 + 20 }
}
