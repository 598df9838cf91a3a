// Reading an array of any element type as a contiguous block of T.
#ifndef LA_TARGET
#error "include conversion.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

template <class T, class Source>
LA_INLINE void convertElements(const void *source, int64_t begin, int64_t stride, int64_t count, T *block) {
  const Source *p = static_cast<const Source *>(source) + begin * stride;
  // With the strides of narrow matrices known, the compiler takes columns out with shuffles.
  if (stride == 1)
    for (int64_t i = 0; i < count; i++) block[i] = T(p[i]);
  else if (stride == 2)
    for (int64_t i = 0; i < count; i++) block[i] = T(p[2 * i]);
  else
    for (int64_t i = 0; i < count; i++) block[i] = T(p[i * stride]);
}

template <class T>
inline void convertBlock(const void *source, uint8_t type, int64_t begin, int64_t stride, int64_t count, T *block) {
  switch (type) {
    case LA_TYPE_F32: return convertElements<T, float>(source, begin, stride, count, block);
    case LA_TYPE_F64: return convertElements<T, double>(source, begin, stride, count, block);
    case LA_TYPE_F16: return convertElements<T, _Float16>(source, begin, stride, count, block);
    case LA_TYPE_I8: return convertElements<T, int8_t>(source, begin, stride, count, block);
    case LA_TYPE_I16: return convertElements<T, int16_t>(source, begin, stride, count, block);
    case LA_TYPE_I32: return convertElements<T, int32_t>(source, begin, stride, count, block);
    case LA_TYPE_I64: return convertElements<T, int64_t>(source, begin, stride, count, block);
    case LA_TYPE_U8: return convertElements<T, uint8_t>(source, begin, stride, count, block);
    case LA_TYPE_U16: return convertElements<T, uint16_t>(source, begin, stride, count, block);
    case LA_TYPE_U32: return convertElements<T, uint32_t>(source, begin, stride, count, block);
    case LA_TYPE_U64: return convertElements<T, uint64_t>(source, begin, stride, count, block);
  }
}

template <class T, class Source>
LA_INLINE void maskElements(const la_mask &mask, int64_t begin, int64_t count, T *weights) {
  const Source *p = static_cast<const Source *>(mask.elements) + begin * mask.stride;
  const bool isNaN = mask.absent != mask.absent;
  for (int64_t i = 0; i < count; i++) {
    const double x = double(p[i * mask.stride]);
    if (isNaN ? x != x : x == mask.absent) weights[i] = 0;
  }
}

// Sets the weights of the samples that the mask leaves out to 0.
template <class T> inline void maskBlock(const la_mask &mask, int64_t begin, int64_t count, T *weights) {
  switch (mask.type) {
    case LA_TYPE_F32: return maskElements<T, float>(mask, begin, count, weights);
    case LA_TYPE_F64: return maskElements<T, double>(mask, begin, count, weights);
    case LA_TYPE_F16: return maskElements<T, _Float16>(mask, begin, count, weights);
    case LA_TYPE_I8: return maskElements<T, int8_t>(mask, begin, count, weights);
    case LA_TYPE_I16: return maskElements<T, int16_t>(mask, begin, count, weights);
    case LA_TYPE_I32: return maskElements<T, int32_t>(mask, begin, count, weights);
    case LA_TYPE_I64: return maskElements<T, int64_t>(mask, begin, count, weights);
    case LA_TYPE_U8: return maskElements<T, uint8_t>(mask, begin, count, weights);
    case LA_TYPE_U16: return maskElements<T, uint16_t>(mask, begin, count, weights);
    case LA_TYPE_U32: return maskElements<T, uint32_t>(mask, begin, count, weights);
    case LA_TYPE_U64: return maskElements<T, uint64_t>(mask, begin, count, weights);
  }
}

// A batch's weights begin..<begin + count, 1 each where it has none, and 0 where a mask leaves the sample out.
template <class T> inline void maskedWeights(const la_batch &batch, int64_t begin, int64_t count, T *weights) {
  if (batch.weights)
    convertBlock<T>(batch.weights, batch.weightType, begin, 1, count, weights);
  else
    for (int64_t i = 0; i < count; i++) weights[i] = 1;
  for (int k = 0; k < batch.maskCount; k++) maskBlock<T>(batch.masks[k], begin, count, weights);
}

template <class T> constexpr uint8_t elementType = sizeof(T) == 4 ? LA_TYPE_F32 : LA_TYPE_F64;

}  // namespace la::LA_TARGET
