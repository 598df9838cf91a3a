import ArgumentParser
import Foundation
import LossAccel

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compute a loss of predictions and targets, and its derivatives.",
    discussion: """
      Files are NumPy arrays (.npy: float32, float64, integers, bool; one or two dimensions) or text tables (.csv, .tsv), with or \
      without a line of column names. The computation runs in the type of the predictions: in float32 for float32, otherwise in \
      float64. Gradient and curvature are written in that type, in the format that the file's suffix names; a file appears only \
      when it is complete.

      EXAMPLES
        lossaccel evaluate squared-error --predictions p.npy --targets y.npy
        lossaccel evaluate huber --set delta=1.5 --predictions p.csv --targets y.csv --gradient g.csv
        lossaccel evaluate bce-logits --predictions z.npy --targets y.npy --weights w.npy --json
        lossaccel evaluate gaussian-nll --predictions means-and-log-variances.csv --targets y.csv
        lossaccel evaluate cumulative-logit --cuts -1,0.5 --predictions scores.csv --targets levels.csv
        lossaccel evaluate poisson --offsets log-exposures.csv --missing-targets nan --predictions p.csv --targets y.csv
        lossaccel evaluate softmax-cross-entropy --class-weights 1,5 --label-smoothing 0.1 --predictions z.npy --targets y.npy
      """)

  @Argument(help: "The loss; 'lossaccel losses' lists them.")
  var loss: String

  @Option(help: "The predictions: a .npy, .csv or .tsv file, or - for standard input.")
  var predictions: String

  @Option(help: "The targets, likewise.")
  var targets: String

  @Option(help: "The weights, one per sample. Default: 1 each.")
  var weights: String?

  @Option(help: "Which samples count, likewise: 1 or true for those that do, 0 or false for the others.")
  var mask: String?

  @Option(
    help: """
      What is added to the predictions (of a loss of several, to the first), likewise: the logarithms of exposures, say.
      """)
  var offsets: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What stands for a missing target: nan, which cells without a number count as, too, or a number.",
      valueName: "number"))
  var missingTargets: String?

  @Option(help: ArgumentHelp("One weight per class, with commas between them.", valueName: "numbers"))
  var classWeights: String?

  @Option(help: ArgumentHelp("The share of a target that is spread evenly over all classes.", valueName: "share"))
  var labelSmoothing: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Samples of this label or level are left out; it need not be one.", valueName: "label"))
  var ignoredLabel: Int?

  @Option(name: .customLong("set"), parsing: .singleValue, help: "A parameter of the loss: delta=1.5. Repeatable.")
  var parameters: [String] = []

  @Option(
    help: """
      mean (Σwℓ/Σw), sum (Σwℓ), or none: the weighted loss of every sample. Derivatives are those of the mean, else of the sum.
      """)
  var reduction = Reduction.mean

  @Option(help: "Write the gradient with respect to the predictions to this .npy, .csv or .tsv file.")
  var gradient: String?

  @Option(help: "Write the curvature (the second derivative) likewise.")
  var curvature: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The cuts between the levels of an ordinal loss, the lowest first.", valueName: "numbers"))
  var cuts: String?

  @Option(help: "For multivariate-gaussian: the Cholesky factor of the precision, a .npy, .csv or .tsv file.")
  var precisionFactor: String?

  @OptionGroup var delimiter: DelimiterOption

  @Flag(
    inversion: .prefixedNo,
    help: "Whether text tables begin with a line of column names. Default: they do unless all its cells are numbers.")
  var header: Bool?

  @Flag(help: "Print a JSON object with loss, value, count and weight.")
  var json = false

  func run() throws {
    let loss = try evaluableLoss(
      named: loss, parameters: try parsedParameters(parameters), options: try parsedOptions())
    let inputs = [predictions, targets, weights, mask, offsets, precisionFactor].compactMap { $0 }
    if inputs.filter({ $0 == "-" }).count > 1 { throw UsageError("Only one of the inputs can be standard input.") }
    if let gradient, gradient == curvature {
      throw UsageError("--gradient and --curvature both name \(gradient). Give each a file of its own.")
    }
    let predictions = try read(predictions)
    if let values = (predictions.elements as? Elements<Float>)?.values {
      try evaluate(loss, predictions, values)
    } else {
      try evaluate(loss, predictions, predictions.elements.doubles)
    }
  }

  private func parsedOptions() throws -> LossOptions {
    LossOptions(
      cuts: try cuts.map { try parsedNumbers($0, option: "cuts") },
      precisionFactor: try precisionFactor.map { try read($0) },
      classWeights: try classWeights.map(parsedClassWeights), labelSmoothing: try labelSmoothing.map(parsedSmoothing),
      ignoredLabel: ignoredLabel, missingTargets: try missingTargets.map(parsedMissingTarget),
      hasOffsets: offsets != nil)
  }

  private func read(_ path: String, missingIsNaN: Bool = false) throws -> NumericArray {
    try readArray(
      path, delimiter: delimiter, header: header.map { $0 ? .present : .absent } ?? .detected,
      missingIsNaN: missingIsNaN)
  }

  private func evaluate<Element: Scalar & NumericElement>(
    _ loss: any EvaluableLoss, _ predictions: NumericArray, _ values: [Element]
  ) throws {
    // Opened before the work, so that a place that cannot be written costs no time; named after it, so that nothing is half done.
    let outputs = try [(gradient, "--gradient"), (curvature, "--curvature")].map { path, option in
      try path.map { (format: try ArrayFormat(path: $0, option: option), file: try OutputFile(path: $0)) }
    }
    let targets = try read(targets, missingIsNaN: missingTargets.map { try parsedMissingTarget($0).isNaN } ?? false)
    let weights = try weights.map { try read($0) }
    let samplesAreRows = loss.samplesAreRows
    let batch = Batch(
      predictions: predictions, predictionValues: values, targets: targets,
      weights: try weights.map {
        try perSample($0, "weight", for: predictions, samplesAreRows: samplesAreRows).map { Element($0) }
      },
      mask: try mask.map { try maskPerSample(try read($0), for: predictions, samplesAreRows: samplesAreRows) },
      offsets: try offsets.map {
        try offsetsPerSample(try read($0), for: predictions, samplesAreRows: samplesAreRows, as: Element.self)
      })
    let result: Evaluation<Element>
    do {
      result = try loss.evaluate(batch, reduction)
    } catch let error as LossError {
      throw DataError(sentence(for: error, in: batch, weights: weights, samplesAreRows: samplesAreRows))
    }
    if let output = outputs[0] {
      try write(
        result.gradient, shape: predictions.shape, columnNames: predictions.columnNames, as: output.format,
        to: output.file)
    }
    if let output = outputs[1] {
      let width = result.curvatureColumns ?? predictions.columns
      let isOfPredictions = width == predictions.columns
      try write(
        result.curvature, shape: isOfPredictions ? predictions.shape : [predictions.rows, width],
        columnNames: isOfPredictions ? predictions.columnNames : nil, as: output.format, to: output.file)
    }
    for output in outputs { try output?.file.finish() }
    try show(result, of: loss.name)
  }

  private func show<Element: NumericElement>(_ result: Evaluation<Element>, of name: String) throws {
    if json {
      let value =
        reduction == .none
        ? JSON.array(result.values.map { .number($0.asDouble) }) : .number(result.value)
      let object = JSON.object(
        [
          ("loss", .string(name)), ("value", value), ("count", .integer(result.count)),
          ("weight", .number(result.weight)),
        ] + result.further.map { ($0.name, .array($0.values.map { .number($0) })) })
      try Terminal.show(object.text)
    } else if reduction == .none {
      try Terminal.show(result.values.map { "\($0)" }.joined(separator: "\n"))
    } else {
      try Terminal.show(
        """
        \(reduction.rawValue)\(String(repeating: " ", count: 8 - reduction.rawValue.count))\(result.value)
        count   \(result.count)
        weight  \(result.weight)
        """)
    }
  }
}
