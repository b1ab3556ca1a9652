/// How roles look: colours as indices of the terminal's palette, -1 being the terminal's own.
///
/// Where the background is not known, colours sit in the middle of the brightness scale, at a contrast of 3:1 or more
/// on black and on white alike; where it is known to be dark they are brighter. Bars bring their own background.
package struct Theme: Sendable {
  /// What a role becomes.
  package struct Look: Hashable, Sendable {
    package var foreground: Int
    package var background: Int
    package var attributes: Attributes

    package init(_ foreground: Int = -1, on background: Int = -1, _ attributes: Attributes = []) {
      self.foreground = foreground
      self.background = background
      self.attributes = attributes
    }
  }

  private let looks: [Role: Look]

  private init(_ looks: [Role: Look]) {
    self.looks = looks
  }

  /// What a style becomes.
  package func look(_ style: Style) -> Look {
    var look = looks[style.role] ?? Look()
    look.attributes.formUnion(style.attributes)
    return look
  }

  /// The theme for a terminal with so many colours, on a background that is dark, not dark, or unknown (nil).
  package static func forColours(_ count: Int, isDark: Bool? = nil) -> Theme {
    count >= 256 ? (isDark == true ? dark256 : colours256) : count >= 8 ? colours8 : monochrome
  }

  package static let colours256 = Theme([
    .heading: Look(32, .bold), .subheading: Look(32, .bold), .emphasis: Look(-1, .italic),
    .strong: Look(-1, .bold),
    .link: Look(32, .underline), .muted: Look(244),
    .code: Look(30), .codeText: Look(), .comment: Look(244, .italic), .string: Look(65), .keyword: Look(32),
    .variable: Look(133), .number: Look(136), .operator: Look(244), .json: Look(30),
    .ok: Look(28, .bold), .warning: Look(136, .bold), .error: Look(160, .bold), .errorText: Look(160),
    .info: Look(32), .running: Look(136),
    .note: Look(32), .tip: Look(28), .important: Look(133), .caution: Look(160),
    .banner: Look(253, on: 24), .bannerStrong: Look(231, on: 24, .bold), .practice: Look(231, on: 28, .bold),
    .live: Look(231, on: 160, .bold), .badge: Look(16, on: 179, .bold),
    .border: Look(242), .borderFocused: Look(32), .title: Look(-1, .bold), .footer: Look(244),
    .footerKey: Look(32, .bold), .status: Look(136),
    .selection: Look(231, on: 24), .current: Look(32, .bold), .scrollbar: Look(32), .overlay: Look(),
    .overlayTitle: Look(32, .bold), .prompt: Look(28, .bold),
  ])

  package static let dark256 = Theme(
    colours256.looks.merging([
      .heading: Look(75, .bold), .subheading: Look(75, .bold), .link: Look(75, .underline), .muted: Look(246),
      .code: Look(79), .comment: Look(245, .italic), .string: Look(108), .keyword: Look(75),
      .variable: Look(176),
      .number: Look(179), .operator: Look(246), .json: Look(79),
      .ok: Look(77, .bold), .warning: Look(179, .bold), .error: Look(203, .bold), .errorText: Look(203),
      .info: Look(75), .running: Look(179),
      .note: Look(75), .tip: Look(77), .important: Look(176), .caution: Look(203),
      .border: Look(240), .borderFocused: Look(75), .footer: Look(246), .footerKey: Look(75, .bold),
      .status: Look(179), .current: Look(75, .bold), .scrollbar: Look(67), .overlayTitle: Look(75, .bold),
      .prompt: Look(77, .bold),
    ]) { $1 })

  package static let colours8 = Theme([
    .heading: Look(6, .bold), .subheading: Look(6, .bold), .emphasis: Look(-1, .underline),
    .strong: Look(-1, .bold),
    .link: Look(6, .underline), .muted: Look(),
    .code: Look(6), .codeText: Look(), .comment: Look(-1, .dim), .string: Look(2), .keyword: Look(6),
    .variable: Look(5), .number: Look(3), .operator: Look(), .json: Look(6),
    .ok: Look(2, .bold), .warning: Look(3, .bold), .error: Look(1, .bold), .errorText: Look(1),
    .info: Look(6), .running: Look(3),
    .note: Look(6), .tip: Look(2), .important: Look(5), .caution: Look(1),
    .banner: Look(7, on: 4), .bannerStrong: Look(7, on: 4, .bold), .practice: Look(7, on: 2, .bold),
    .live: Look(7, on: 1, .bold), .badge: Look(0, on: 3),
    .border: Look(), .borderFocused: Look(6), .title: Look(-1, .bold), .footer: Look(),
    .footerKey: Look(6, .bold),
    .status: Look(3, .bold), .selection: Look(7, on: 4, .bold), .current: Look(6, .bold), .scrollbar: Look(6),
    .overlay: Look(), .overlayTitle: Look(6, .bold), .prompt: Look(2, .bold),
  ])

  package static let monochrome = Theme([
    .heading: Look(-1, .bold), .subheading: Look(-1, .bold), .emphasis: Look(-1, .underline),
    .strong: Look(-1, .bold), .link: Look(-1, .underline), .keyword: Look(-1, .bold),
    .comment: Look(-1, .dim),
    .ok: Look(-1, .bold), .warning: Look(-1, .bold), .error: Look(-1, [.bold, .underline]),
    .banner: Look(-1, .reverse), .bannerStrong: Look(-1, [.reverse, .bold]),
    .practice: Look(-1, [.reverse, .bold]), .live: Look(-1, [.reverse, .bold, .underline]),
    .badge: Look(-1, .reverse), .title: Look(-1, .bold), .footerKey: Look(-1, .bold),
    .status: Look(-1, .bold),
    .selection: Look(-1, .reverse), .current: Look(-1, .bold), .overlayTitle: Look(-1, .bold),
    .prompt: Look(-1, .bold), .borderFocused: Look(-1, .bold),
  ])
}

extension Theme.Look {
  fileprivate init(_ foreground: Int, _ attributes: Attributes) {
    self.init(foreground, on: -1, attributes)
  }
}
