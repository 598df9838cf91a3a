/// Cross-entropy of the logits of a linear layer, the widest of linear models: the output layer of a language model, and softmax regression with
/// many classes, without ever holding the logits.
///
/// For hidden states H (tokens × width), a classifier W (classes × width) and a bias b the logits are Z = H·Wᵀ + b. With a = c·tanh(z/c)
/// where there is a cap c, and a = z otherwise, L = log Σ e^aₖ and the distribution t that a label stands for, a token's loss is
///
///     ℓ = T·(L + λ·L²) − Σ tₖ·aₖ,   T = Σ tₖ,   tₖ = c_y·(1 − ε)·[k = y] + cₖ·ε/K
///
/// with class weights c, smoothing ε and K classes, as in ``SoftmaxCrossEntropy``; λ is the price of the log-partition function (z-loss).
///
/// ```swift
/// let loss = LinearCrossEntropy(labelSmoothing: 0.1, ignoredLabel: -100)
/// var gradient = OutputLayerTangent<Float>(hidden: hidden, classifier: classifier, bias: bias)
/// let value = try loss.mean(hidden: hidden, classifier: classifier, bias: bias, labels: labels, gradient: &gradient)
/// ```
///
/// Some tokens at a time, their logits are made, turned into the gradient in place and multiplied into the gradients of all three, so that
/// exactly three matrix products run, and one where only the value is asked for. What is held beside inputs and outputs stays within
/// ``memory``, whatever the number of classes; only a single token's logits (of a product with curvature, two numbers for each) are never cut.
///
/// - Mean: Σ wᵢℓᵢ / Σ wᵢ·c_yᵢ over the tokens that count, known before the first product.
/// - Left out: tokens of weight 0, with the ignored label, or with a class of weight 0 and no smoothing. They cost no products,
///   whatever they hold, and have gradient 0.
/// - Storage: hidden states and classifier may each be stored as `Float16` or ``BrainFloat16``: they are widened exactly, tokens and rows of
///   the classifier a block at a time, and computed with as `Float`, in which the gradients are, too.
/// - Gradient: with G = w·((T + 2λTL)·q − t)·a′, q = softmax(a), for every token: G·W, Gᵀ·H and the sums of G's columns.
/// - Curvature: ``CurvatureKind/exact``, and ``CurvatureKind/gaussNewton``, which takes the capped logits as linear in all three, and is
///   positive semidefinite where L ≥ −1/(2λ), so always without price.
/// - Domain: finite inputs with finite logits. Nothing is clipped.
/// - Accuracy: each logit, like each element of the gradients, is a sum of products in the type that is computed in; the losses and the
///   gradient of the logits that they have are within a few ulp, and the sums of losses and of the bias's gradient are in `Double`.
/// - Properties: convex in hidden states, in classifier and bias, each for itself, without cap and price; not together.
///
/// Results are the same bits for any number of threads. They depend in their last bits on ``memory``, which cuts the sums over tokens.
///
/// Sources: Wijmans et al. 2024 (Cut Your Losses), Hsu et al. 2024 (Liger Kernel); z-loss, Chowdhery et al. 2022 (PaLM), §5; capping, Gemma 2
/// report 2024, §2.
public struct LinearCrossEntropy: Sendable, Hashable {
  /// cₖ, one per class; 1 each if `nil`.
  public let classWeights: [Double]?

  /// ε, the share of a target that is spread evenly over all classes.
  public let labelSmoothing: Double

  /// Tokens with this label are left out; it need not be a class.
  public let ignoredLabel: Int?

  /// c > 0, what the logits are kept below; `nil` for no cap.
  public let cap: Double?

  /// λ ≥ 0, the price of the squared log-partition function.
  public let logPartitionPrice: Double

  /// How many bytes may be in use beside inputs and outputs.
  public let memory: Int

  /// The loss with the given options; without any, −log q_y.
  ///
  /// - Precondition: class weights are finite and not negative, the smoothing lies in 0...1, the cap is positive, the price not negative,
  ///   and the memory at least 1 byte. One token's logits are held even if they take more.
  public init(
    classWeights: [Double]? = nil, labelSmoothing: Double = 0, ignoredLabel: Int? = nil, cap: Double? = nil,
    logPartitionPrice: Double = 0, memory: Int = 64 << 20
  ) {
    let softmax = SoftmaxCrossEntropy(
      classWeights: classWeights, labelSmoothing: labelSmoothing, ignoredLabel: ignoredLabel)
    if let cap { precondition(cap > 0 && cap.isFinite, "the cap is \(cap), it must be positive") }
    precondition(
      logPartitionPrice >= 0 && logPartitionPrice.isFinite, "the price is \(logPartitionPrice), it must be at least 0")
    precondition(memory >= 1, "the memory is \(memory) bytes, it must be at least 1")
    self.classWeights = softmax.classWeights
    self.labelSmoothing = softmax.labelSmoothing
    self.ignoredLabel = softmax.ignoredLabel
    self.cap = cap
    self.logPartitionPrice = logPartitionPrice
    self.memory = memory
  }
}
