import Evaluation

/// The files of the page, which are part of the program.
enum PageFiles {
  static let page = String(decoding: PackageResources.page_html, as: UTF8.self)
  static let style = PackageResources.page_css
  static let script = PackageResources.page_js
}

extension PageRoute {
  static let style = file("/page.css", "text/css; charset=utf-8") { PageFiles.style }
  static let script = file("/page.js", "text/javascript; charset=utf-8") { PageFiles.script }
  static let reportStyle = file("/report.css", "text/css; charset=utf-8") { Array(PageStyle.css.utf8) }

  /// Browsers ask for one.
  static let icon = PageRoute(method: "GET", template: "/favicon.ico", kind: .page, role: nil) { _ in
    OutgoingResponse(status: 204, body: .whole([]))
  }

  private static func file(
    _ path: String, _ type: String, _ bytes: @escaping @Sendable () -> [UInt8]
  ) -> PageRoute {
    PageRoute(method: "GET", template: path, kind: .page, role: nil) { _ in
      OutgoingResponse(headers: [("content-type", type)], body: .whole(bytes()))
    }
  }
}
