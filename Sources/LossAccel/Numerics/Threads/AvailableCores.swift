/// The cores that this process may use.
package enum AvailableCores {
  /// Its affinity mask (or all cores that are online, where there is no such mask), cut to what its control group
  /// allows.
  static func count() -> Int {
    let cores = Platform.contents(ofFile: "/proc/self/status").flatMap(affinity) ?? Platform.onlineCores()
    guard let allowed = ControlGroup.allowedCores() else { return max(cores, 1) }
    return max(1, min(cores, Int(allowed.rounded(.up))))
  }

  /// The number of cores in the line `Cpus_allowed_list:` (such as "0-3,8") of the text of `/proc/self/status`.
  package static func affinity(status: String) -> Int? {
    let name = "Cpus_allowed_list:"
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
    var count = 0
    for range in line.dropFirst(name.count).split(separator: ",") {
      let ends = range.split(whereSeparator: { $0 == "-" || $0.isWhitespace }).map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, last >= first else { return nil }
      count += last - first + 1
    }
    return count > 0 ? count : nil
  }
}
