import CKernelInterface

/// A program in the kernels' own form, and the calls that run it over a batch.
@safe package final class KernelProgram: @unchecked Sendable {
  // Written in init, never after: safe to read from any thread.
  let program: UnsafeMutablePointer<la_program>
  private let instructions: UnsafeMutableBufferPointer<la_instruction>
  private let steps: UnsafeMutableBufferPointer<la_step>
  private let constants: UnsafeMutableBufferPointer<Double>
  private let results: UnsafeMutableBufferPointer<la_result>
  private let checks: UnsafeMutableBufferPointer<la_check>

  /// What each result's sum must be multiplied by; the kernels do it to stored elements.
  package let factors: [Double]

  /// Whether the kernels have the program in one piece: see fused_programs.h.
  package var isFused: Bool { unsafe program.pointee.fused >= 0 }

  /// The values that an input may have.
  package struct Check: Sendable {
    package var input: Int
    package var valid: ClosedRange<Double>
    package var allowsNaN: Bool

    package init(input: Int, valid: ClosedRange<Double>, allowsNaN: Bool) {
      self.input = input
      self.valid = valid
      self.allowsNaN = allowsNaN
    }
  }

  package init(_ source: Program, checks: [Check]) {
    precondition(
      source.inputs.count <= Int(LA_MAX_INPUTS) && source.constants.count <= Int(LA_MAX_CONSTANTS)
        && source.results.count <= Int(LA_MAX_RESULTS) && source.temporaryCount <= Int(LA_MAX_TEMPORARIES),
      """
      the formula needs \(source.inputs.count) inputs, \(source.constants.count) constants, \(source.results.count) \
      results and \(source.temporaryCount) temporaries; the kernels have \(LA_MAX_INPUTS), \(LA_MAX_CONSTANTS), \
      \(LA_MAX_RESULTS) and \(LA_MAX_TEMPORARIES)
      """)
    func number(_ slot: Program.Slot) -> UInt8 {
      switch slot {
      case .input(let index): UInt8(index)
      case .constant(let index): UInt8(source.inputs.count + index)
      case .temporary(let index): UInt8(source.inputs.count + source.constants.count + index)
      }
    }
    let none = UInt8(LA_NO_SLOT)
    unsafe instructions = .allocate(
      copying: source.instructions.map { instruction in
        let operation = unsafe la_operation(instruction.operation)
        precondition(operation >= 0, "the kernels have no operation \(instruction.operation)")
        let arguments = instruction.arguments.map(number) + [0, 0]
        let results = instruction.results.map(number) + [none, none]
        return la_instruction(
          operation: UInt8(operation), result: results[0], second: results[1], third: results[2],
          a: arguments[0], b: arguments[1], c: arguments[2])
      })
    unsafe constants = .allocate(copying: source.constants)
    unsafe results = .allocate(
      copying: source.results.map { result in
        let slots = result.slots.map(number) + [0, 0]
        return la_result(
          form: result.form.number, a: slots[0], b: slots[1], c: slots[2], factor: result.factor)
      })
    unsafe self.checks = .allocate(
      copying: checks.map { check in
        la_check(
          input: UInt8(check.input), allowsNaN: check.allowsNaN, lowest: check.valid.lowerBound,
          highest: check.valid.upperBound)
      })
    factors = source.results.map(\.factor)
    let stepCapacity = la_step_capacity(Int32(source.instructions.count), Int32(source.results.count))
    unsafe steps = .allocate(capacity: Int(stepCapacity))
    unsafe program = .allocate(capacity: 1)
    unsafe program.initialize(
      to: la_program(
        instructions: instructions.baseAddress, steps: steps.baseAddress, constants: constants.baseAddress,
        results: results.baseAddress, checks: self.checks.baseAddress,
        instructionCount: Int32(source.instructions.count), constantCount: Int32(source.constants.count),
        resultCount: Int32(source.results.count), checkCount: Int32(checks.count),
        inputCount: Int32(source.inputs.count), temporaryCount: Int32(source.temporaryCount), fused: -1))
    unsafe la_write_steps(program, steps.baseAddress!)
    unsafe program.pointee.fused = la_fused_program(program)
  }

  deinit {
    unsafe program.deallocate()
    unsafe instructions.deallocate()
    unsafe steps.deallocate()
    unsafe constants.deallocate()
    unsafe results.deallocate()
    unsafe checks.deallocate()
  }
}

extension Program.Form {
  /// The kernels' number for it.
  fileprivate var number: UInt8 {
    switch self {
    case .single: UInt8(LA_FORM_SINGLE)
    case .square: UInt8(LA_FORM_SQUARE)
    case .product: UInt8(LA_FORM_PRODUCT)
    case .difference: UInt8(LA_FORM_DIFFERENCE)
    case .squaredDifference: UInt8(LA_FORM_SQUARED_DIFFERENCE)
    case .multiplyAdd: UInt8(LA_FORM_MULTIPLY_ADD)
    }
  }
}

extension UnsafeMutableBufferPointer {
  fileprivate static func allocate(copying elements: [Element]) -> Self {
    let buffer = Self.allocate(capacity: elements.count)
    _ = unsafe buffer.initialize(from: elements)
    return unsafe buffer
  }
}

extension KernelProgram {
  /// The outcome of a run: the sums by result (0 for results that were stored), and the first sample that failed a check.
  package struct Outcome: Sendable {
    package var sums = ChunkSums()
    /// The sum of the values, where they were summed.
    package var sum = 0.0
    package var violation: (sample: Int, check: Int)?
  }

  /// How many samples one call of the kernel runs: few enough to spread over threads, enough to make the call free.
  /// Sums are formed chunk by chunk and added in their order, so that they do not depend on the number of threads.
  static var chunk: Int { 1 << 16 }

  /// Outputs beyond this many bytes go around the caches: by the time anybody reads them they would have been evicted.
  static var streamingThreshold: Int { 16 << 20 }

  /// Runs the program over one chunk of a batch.
  func runChunk<T: Scalar>(of batch: KernelBatch<T>, _ samples: Range<Int>) -> Outcome {
    var outcome = Outcome()
    let violation = unsafe withUnsafePointer(to: batch.batch) { batch in
      unsafe withUnsafeMutableBytes(of: &outcome.sums) { bytes in
        unsafe T._run(
          program, batch, samples.lowerBound, samples.upperBound,
          bytes.baseAddress!.assumingMemoryBound(to: Double.self))
      }
    }
    if violation.sample >= 0 { outcome.violation = violation }
    return outcome
  }
}
