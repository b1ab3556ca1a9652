import ServiceModels
import Wire

/// When a scheduled job runs (Macie API reference, `JobScheduleFrequency`). AWS does not say at what time of the day;
/// here it is midnight, UTC.
struct JobSchedule {
  private enum Days {
    case every
    /// 0: Sunday.
    case weekday(Int)
    /// A month without that day is left out.
    case dayOfMonth(Int)
  }

  private static let weekdays = [
    "SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY",
  ]

  private let days: Days

  /// - Returns: nil unless exactly one form is given, in full.
  init?(_ frequency: Value?) {
    guard let object = frequency?.object else { return nil }
    let given = object.filter { $0.value != .null }
    guard given.count == 1, let form = given.first else { return nil }
    switch form.name {
    case "dailySchedule": days = .every
    case "weeklySchedule":
      guard let day = Self.weekdays.firstIndex(of: form.value.text("dayOfWeek")) else { return nil }
      days = .weekday(day)
    case "monthlySchedule":
      guard let day = form.value["dayOfMonth"]?.integer, (1...31).contains(day) else { return nil }
      days = .dayOfMonth(Int(day))
    default: return nil
    }
  }

  /// The first run after `time`.
  func next(after time: Timestamp) -> Timestamp {
    let parts = time.parts
    var midnight = Timestamp(year: parts.year, month: parts.month, day: parts.day)
    // Any day of a month comes within 62 days.
    for _ in 0..<63 {
      midnight = midnight.adding(seconds: 86_400)
      let day = midnight.parts
      switch days {
      case .every: return midnight
      case .weekday(let weekday): if day.weekday == weekday { return midnight }
      case .dayOfMonth(let number): if day.day == number { return midnight }
      }
    }
    return midnight
  }
}
