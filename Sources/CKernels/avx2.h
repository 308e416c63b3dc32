// What the AVX2 kernels share. AVX2's dot product of bytes (vpmaddubsw) saturates, so that bytes are widened to int16
// first and pairs of channels multiplied and summed to int32 (vpmaddwd), which is exact.
#ifndef HF_AVX2_H
#define HF_AVX2_H

#include <immintrin.h>
#include <string.h>

#include "arithmetic.h"

#define HF_AVX2 __attribute__((target("avx2")))
#define HF_AVX2_INLINE static inline __attribute__((always_inline, target("avx2")))

enum {
    HF_LINE_AVX2 = 32,
    HF_STAGE_AVX2 = 12 * HF_MAX_DEPTH,  // int16 on the stack: the widened rows of a block
};

// What an accumulator starts with: the bias and what the rounding shift adds.
static inline int32_t hf_fold_avx2(int32_t bias, uint8_t shift) { return bias + (shift > 0 ? 1 << (shift - 1) : 0); }

// A tile of dot products: row r, vector j at [r * vectors + j].
typedef struct {
    __m256i acc[12];
} hf_tile_avx2;

// Starts every row at `bias` and adds, for every two channels, the row's int16 times a line of `w` per vector.
HF_AVX2_INLINE void hf_accumulate_avx2(hf_tile_avx2 *t, const int rows, const int vectors, const void *bias,
                                       const void *w, const int16_t *stage, size_t depth) {
    const uint8_t *start = bias, *line = w;
#pragma GCC unroll 12
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++)
            t->acc[r * vectors + j] = _mm256_load_si256((const __m256i *)(const void *)(start + HF_LINE_AVX2 * j));
    for (size_t i = 0; i < depth; i += 2, line += HF_LINE_AVX2 * vectors) {
        __m256i b[2];
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++)
            b[j] = _mm256_load_si256((const __m256i *)(const void *)(line + HF_LINE_AVX2 * j));
#pragma GCC unroll 12
        for (int r = 0; r < rows; r++) {
            int32_t pair;
            memcpy(&pair, stage + (size_t)r * depth + i, sizeof pair);
            __m256i a = _mm256_set1_epi32(pair);
#pragma GCC unroll 2
            for (int j = 0; j < vectors; j++)
                t->acc[r * vectors + j] = _mm256_add_epi32(t->acc[r * vectors + j], _mm256_madd_epi16(a, b[j]));
        }
    }
}

#endif
