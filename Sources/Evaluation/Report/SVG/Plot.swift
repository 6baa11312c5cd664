import TextKit

/// A plot with two linear axes, rendered as one inline SVG with a legend below it that covers no data.
struct Plot {
  /// One axis.
  struct Axis {
    var title: String
    var domain: ClosedRange<Double>
    /// Writes tick labels.
    var label: (Double) -> String = { NumberFormat.short($0) }
  }

  var title: String
  /// What the plot shows, for readers who cannot see it.
  var summary: String
  var x: Axis
  var y: Axis
  var marks: [PlotMark] = []
  var width = 620.0
  var height = 400.0

  var xScale: Scale { Scale(domain: x.domain, start: 62, end: width - 18) }
  var yScale: Scale { Scale(domain: y.domain, start: height - 50, end: 14) }

  /// The plot as a figure element.
  var html: String {
    """
    <figure>
    <figcaption>\(Markup.escaped(title))</figcaption>
    <svg viewBox="0 0 \(Markup.coordinate(width)) \(Markup.coordinate(height))" role="img" \
    aria-label="\(Markup.escaped(summary))">
    \(axes)
    \(marks.map { $0.svg(xScale, yScale) }.joined(separator: "\n"))
    </svg>
    \(legend)
    </figure>
    """
  }

  private var axes: String {
    let (left, right) = (xScale.start, xScale.end)
    let (bottom, top) = (yScale.start, yScale.end)
    var lines: [String] = []
    for tick in xScale.ticks {
      let position = xScale.pixel(tick)
      lines.append(Self.line("grid", x1: position, y1: bottom, x2: position, y2: top))
      lines.append(Self.text(x.label(tick), position, bottom + 18, anchor: "middle"))
    }
    for tick in yScale.ticks {
      let position = yScale.pixel(tick)
      lines.append(Self.line("grid", x1: left, y1: position, x2: right, y2: position))
      lines.append(Self.text(y.label(tick), left - 8, position + 4, anchor: "end"))
    }
    lines.append(Self.line("axis", x1: left, y1: bottom, x2: right, y2: bottom))
    lines.append(Self.line("axis", x1: left, y1: bottom, x2: left, y2: top))
    lines.append(Self.text(x.title, (left + right) / 2, height - 10, anchor: "middle", style: "title"))
    let middle = (bottom + top) / 2
    lines.append(
      "<text class=\"title\" text-anchor=\"middle\" transform=\"translate(15 \(Markup.coordinate(middle))) rotate(-90)\">"
        + "\(Markup.escaped(y.title))</text>")
    return lines.joined(separator: "\n")
  }

  private var legend: String {
    let items = marks.compactMap(\.legendItem)
    return items.isEmpty ? "" : "<ul class=\"legend\">\n\(items.joined(separator: "\n"))\n</ul>"
  }

  private static func line(_ style: String, x1: Double, y1: Double, x2: Double, y2: Double) -> String {
    let ends = [("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)]
    return "<line class=\"\(style)\" \(ends.map { "\($0.0)=\"\(Markup.coordinate($0.1))\"" }.joined(separator: " "))/>"
  }

  private static func text(_ text: String, _ x: Double, _ y: Double, anchor: String, style: String = "tick") -> String {
    "<text class=\"\(style)\" text-anchor=\"\(anchor)\" x=\"\(Markup.coordinate(x))\" y=\"\(Markup.coordinate(y))\">"
      + "\(Markup.escaped(text))</text>"
  }
}
