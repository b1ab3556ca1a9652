// Folding for reflected CRCs with carry-less multiplication (Gopal et al., "Fast CRC Computation for Generic
// Polynomials Using PCLMULQDQ Instruction", Intel 2009). The intrinsics are C's; everything else is in Digests.
#ifndef CAIRN_CCRYPTO_CRC_H
#define CAIRN_CCRYPTO_CRC_H

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

// Whether this processor multiplies without carries.
static inline int ccrypto_crc_can_fold(void) {
  unsigned a, b, c, d;
  return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_PCLMUL) != 0;
}

__attribute__((target("pclmul,sse2"))) static inline __m128i ccrypto_crc_step(__m128i x, __m128i k, __m128i next) {
  __m128i low = _mm_clmulepi64_si128(x, k, 0x00);
  __m128i high = _mm_clmulepi64_si128(x, k, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

// Folds `count` bytes, a multiple of 64 and not 0, into 16 that leave the same remainder. `keys` are the factors of
// x^575, x^511 (over 64 bytes) and x^191, x^127 (over 16), reflected.
__attribute__((target("pclmul,sse2"))) static inline void ccrypto_crc_fold(
    const uint8_t *bytes, size_t count, uint64_t start, const uint64_t *keys, uint8_t *folded) {
  const __m128i far = _mm_loadu_si128((const __m128i *)keys);
  const __m128i near = _mm_loadu_si128((const __m128i *)(keys + 2));
  const __m128i *in = (const __m128i *)bytes;
  __m128i a = _mm_xor_si128(_mm_loadu_si128(in), _mm_cvtsi64_si128((long long)start));
  __m128i b = _mm_loadu_si128(in + 1);
  __m128i c = _mm_loadu_si128(in + 2);
  __m128i d = _mm_loadu_si128(in + 3);
  for (size_t left = count / 64 - 1; left > 0; left--) {
    in += 4;
    a = ccrypto_crc_step(a, far, _mm_loadu_si128(in));
    b = ccrypto_crc_step(b, far, _mm_loadu_si128(in + 1));
    c = ccrypto_crc_step(c, far, _mm_loadu_si128(in + 2));
    d = ccrypto_crc_step(d, far, _mm_loadu_si128(in + 3));
  }
  b = ccrypto_crc_step(a, near, b);
  c = ccrypto_crc_step(b, near, c);
  d = ccrypto_crc_step(c, near, d);
  _mm_storeu_si128((__m128i *)folded, d);
}
#else
static inline int ccrypto_crc_can_fold(void) { return 0; }
static inline void ccrypto_crc_fold(
    const uint8_t *bytes, size_t count, uint64_t start, const uint64_t *keys, uint8_t *folded) {
  (void)bytes, (void)count, (void)start, (void)keys, (void)folded;
}
#endif

#endif
