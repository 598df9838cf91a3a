/// The CPU limit that the control groups of Linux, and with them containers, put on this process.
package enum ControlGroup {
  /// The number of cores' worth of time that the limit allows, nil where there is none.
  static func allowedCores() -> Double? {
    guard let membership = Platform.contents(ofFile: "/proc/self/cgroup") else { return nil }
    return allowedCores(membership: membership) { Platform.contents(ofFile: $0) }
  }

  /// The same, from the text of `/proc/self/cgroup` and a function that reads files (so that tests can invent both).
  ///
  /// The limit of every ancestor holds as well, so the smallest on the way to the root counts. Inside a container the
  /// path in the membership can be the host's, whose files are not visible; the root then carries the container's own
  /// limit.
  package static func allowedCores(membership: String, read: (_ path: String) -> String?) -> Double? {
    var limits: [Double] = []
    for line in membership.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let controllers = fields[1].split(separator: ",")
      for path in ancestors(of: fields[2]) {
        if controllers.isEmpty {
          if let text = read("/sys/fs/cgroup\(path)/cpu.max"), let cores = quota(version2: text) {
            limits.append(cores)
          }
        } else if controllers.contains("cpu") {
          let directory = "/sys/fs/cgroup/cpu\(path)"
          if let quota = read("\(directory)/cpu.cfs_quota_us").flatMap(number),
            let period = read("\(directory)/cpu.cfs_period_us").flatMap(number), quota > 0, period > 0
          {
            limits.append(quota / period)
          }
        }
      }
    }
    return limits.min()
  }

  /// "/a/b" gives "/a/b", "/a" and "".
  private static func ancestors(of path: Substring) -> [String] {
    let names = path.split(separator: "/")
    return (0...names.count).reversed().map { names.prefix($0).map { "/\($0)" }.joined() }
  }

  /// The content of `cpu.max`: a quota ("max" for none) and a period, both in microseconds.
  private static func quota(version2 text: String) -> Double? {
    let fields = text.split(whereSeparator: \.isWhitespace)
    guard fields.count == 2, let quota = Double(fields[0]), let period = Double(fields[1]), quota > 0, period > 0 else {
      return nil
    }
    return quota / period
  }

  private static func number(_ text: String) -> Double? {
    text.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
  }
}
