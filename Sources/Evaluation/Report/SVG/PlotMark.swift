/// Something drawn in a ``Plot``, in the units of its axes.
struct PlotMark {
  /// A point in the units of the axes.
  struct Point {
    var x: Double
    var y: Double
    /// What a pointer resting on the point shows.
    var tip = ""
  }

  /// How points are drawn.
  enum Shape: Equatable {
    case line, dashed, area
    case circle, square, diamond, triangle
    /// Circles whose areas are in proportion to the given sizes; the largest has radius 8.
    case bubbles([Double])
    /// Lines with a dot at every point.
    case dotted
  }

  /// The name in the legend, or `nil` for none.
  var name: String?
  /// The class that gives the colour: see the page's style sheet.
  var style: String
  var shape: Shape
  var points: [Point]

  /// The mark as SVG elements.
  func svg(_ x: Scale, _ y: Scale) -> String {
    let placed = points.map { (x: x.pixel($0.x), y: y.pixel($0.y), tip: $0.tip) }
    let path = placed.map { "\(Markup.coordinate($0.x)),\(Markup.coordinate($0.y))" }.joined(separator: " ")
    switch shape {
    case .line: return "<polyline class=\"\(style) line\" points=\"\(path)\"/>"
    case .dashed: return "<polyline class=\"\(style) line dash\" points=\"\(path)\"/>"
    case .area: return "<polygon class=\"\(style) area\" points=\"\(path)\"/>"
    case .dotted:
      let dots = placed.map { Self.symbol(.circle, style, $0.x, $0.y, radius: 2.6, tip: $0.tip) }
      return ["<polyline class=\"\(style) line\" points=\"\(path)\"/>"].joined() + dots.joined(separator: "\n")
    case .bubbles(let sizes):
      let largest = sizes.max() ?? 1
      return zip(placed, sizes).map { point, size in
        Self.symbol(.circle, style, point.x, point.y, radius: 8 * (size / largest).squareRoot(), tip: point.tip)
      }.joined(separator: "\n")
    case .circle, .square, .diamond, .triangle:
      return placed.map { Self.symbol(shape, style, $0.x, $0.y, radius: 6, tip: $0.tip) }.joined(separator: "\n")
    }
  }

  /// The mark's line of the legend.
  var legendItem: String? {
    guard let name else { return nil }
    return "<li><svg width=\"26\" height=\"14\" viewBox=\"0 0 26 14\" aria-hidden=\"true\">\(swatch)</svg>"
      + "\(Markup.escaped(name))</li>"
  }

  private var swatch: String {
    let line = "<line x1=\"1\" y1=\"7\" x2=\"25\" y2=\"7\" class=\"\(style) line"
    switch shape {
    case .line: return line + "\"/>"
    case .dashed: return line + " dash\"/>"
    case .dotted: return line + "\"/>" + Self.symbol(.circle, style, 13, 7, radius: 3, tip: "")
    case .area: return "<rect class=\"\(style) area\" x=\"5\" y=\"1\" width=\"16\" height=\"12\"/>"
    case .bubbles: return Self.symbol(.circle, style, 13, 7, radius: 5, tip: "")
    case .circle, .square, .diamond, .triangle: return Self.symbol(shape, style, 13, 7, radius: 5.5, tip: "")
    }
  }

  private static func symbol(
    _ shape: Shape, _ style: String, _ x: Double, _ y: Double, radius r: Double, tip: String
  ) -> String {
    let title = tip.isEmpty ? "" : "<title>\(Markup.escaped(tip))</title>"
    guard let corners = corners(shape) else {
      let place = "cx=\"\(Markup.coordinate(x))\" cy=\"\(Markup.coordinate(y))\" r=\"\(Markup.coordinate(r))\""
      return "<circle class=\"\(style) dot\" \(place)>\(title)</circle>"
    }
    let path = corners.map { "\(Markup.coordinate(x + $0.0 * r)),\(Markup.coordinate(y + $0.1 * r))" }
    return "<polygon class=\"\(style) dot\" points=\"\(path.joined(separator: " "))\">\(title)</polygon>"
  }

  private static func corners(_ shape: Shape) -> [(Double, Double)]? {
    switch shape {
    case .square: [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)]
    case .diamond: [(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)]
    case .triangle: [(0, -1.1), (1.1, 0.9), (-1.1, 0.9)]
    default: nil
    }
  }
}
