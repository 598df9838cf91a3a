// Reading an array of any element type as a contiguous block of T.
#ifndef LA_TARGET
#error "include conversion.h from a kernel file's target section"
#endif

namespace la::LA_TARGET {

template <class T, class Source>
LA_INLINE void convertElements(const void *source, int64_t begin, int64_t stride, int64_t count, T *block) {
  const Source *p = static_cast<const Source *>(source) + begin * stride;
  if (stride == 1)
    for (int64_t i = 0; i < count; i++) block[i] = T(p[i]);
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

template <class T> constexpr uint8_t elementType = sizeof(T) == 4 ? LA_TYPE_F32 : LA_TYPE_F64;

}  // namespace la::LA_TARGET
