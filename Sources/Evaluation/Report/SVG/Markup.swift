import TextKit

/// Text that becomes part of HTML or SVG.
package enum Markup {
  /// The text with every character that could end an attribute or start a tag replaced; characters without a shape stand as
  /// escapes.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in SafeText.visible(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A coordinate to a hundredth of a pixel.
  static func coordinate(_ value: Double) -> String { NumberFormat.short((value * 100).rounded() / 100, digits: 7) }
}
