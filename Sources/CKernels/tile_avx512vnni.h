// A tile of dot products that stays in registers: rows of bytes against vectors of 16 columns.
#ifndef HF_TILE_AVX512VNNI_H
#define HF_TILE_AVX512VNNI_H

#include "avx512vnni.h"

enum { HF_LINE_VNNI = 64 };

// One tile's accumulators: pixel r, vector j at [r * vectors + j].
typedef struct {
    __m512i acc[24];
} hf_tile_vnni;

// Starts every row at `bias` and adds, for every tap and four channels, the row's bytes times a line of `w` per vector.
HF_VNNI_INLINE void hf_accumulate_vnni(hf_tile_vnni *t, const int rows, const int vectors, const uint8_t *bias,
                                       const uint8_t *w, int32_t taps, int32_t k, const ptrdiff_t *tap_offset,
                                       const uint8_t *const *in) {
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 5
        for (int j = 0; j < vectors; j++) t->acc[r * vectors + j] = _mm512_load_si512(bias + HF_LINE_VNNI * j);
    for (int32_t tap = 0; tap < taps; tap++) {
        const uint8_t *p[16];
#pragma GCC unroll 16
        for (int r = 0; r < rows; r++) p[r] = in[r] + tap_offset[tap];
        for (ptrdiff_t i = 0; i < k; i += 4) {
            __m512i b[5];
#pragma GCC unroll 5
            for (int j = 0; j < vectors; j++) b[j] = _mm512_load_si512(w + HF_LINE_VNNI * j);
            w += HF_LINE_VNNI * vectors;
#pragma GCC unroll 16
            for (int r = 0; r < rows; r++) {
                __m512i a = hf_broadcast4_vnni(p[r] + i);
#pragma GCC unroll 5
                for (int j = 0; j < vectors; j++)
                    t->acc[r * vectors + j] = _mm512_dpbusd_epi32(t->acc[r * vectors + j], a, b[j]);
            }
        }
    }
}

#endif
