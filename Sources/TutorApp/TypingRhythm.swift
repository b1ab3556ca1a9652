/// How long a person pauses after each character of a command typed for an audience, in seconds.
///
/// Nobody types evenly: letters of a word come fast, a blank, a quote or a dash takes longer, the end of a
/// line longest. The jitter comes from a seeded generator, so a rehearsal sounds like the show.
package struct TypingRhythm: Sendable {
  /// Characters per second inside a word.
  package let speed: Double
  private var random: SplitMix

  package init(speed: Double = 26, seed: UInt64 = 1) {
    self.speed = max(1, speed)
    random = SplitMix(state: seed)
  }

  /// The pause after `character`.
  package mutating func pause(after character: Character) -> Double {
    let weight: Double =
      switch character {
      case "\n": 6
      case " ", "\t": 1.8
      case "-", "'", "\"", "{", "}", "|", "$", "\\", "<", ">": 1.5
      default: 1
      }
    // Between 0.6 and 1.4 of the even beat.
    return weight / speed * (0.6 + 0.8 * random.fraction())
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, seedable, good enough for a rhythm.
private struct SplitMix: Sendable {
  var state: UInt64

  mutating func fraction() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) / Double(1 << 53)
  }
}
