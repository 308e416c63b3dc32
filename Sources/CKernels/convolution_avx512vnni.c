// Convolutions as outer products: a tile of pixels x (16 * vectors) output channels stays in registers while four input
// channels at a time are broadcast against packed weights (vpdpbusd). Tiles of 20 to 24 accumulators reach 85 to 98 %
// of the peak of one dot product a cycle; more spill.
#if defined(__x86_64__)
#include "convolution_avx512vnni.h"

#include "avx512vnni.h"
#include "kernels.h"
#include "tile_avx512vnni.h"

// Packed: the zero point in a line of 64 bytes, then a panel per group of 1 to 5 vectors of output channels: its biases
// and shifts (64 bytes a vector each), multipliers (64 bytes a pair of vectors), then
// weights[taps * k / 4][vectors][16][4].
enum { LINE = HF_LINE_VNNI, MAX_VECTORS = 5 };

// A panel's width in vectors, given how many are left to cover.
static int32_t panel_vectors(int32_t left) { return left <= MAX_VECTORS ? left : 4; }

static size_t constants_size(int32_t vectors) { return (size_t)(2 * vectors + (vectors + 1) / 2) * LINE; }
static size_t panel_size(int32_t vectors, size_t depth) {
    return constants_size(vectors) + depth * 16 * (size_t)vectors;
}

// The output channel of a panel that element i of 128-bit lane l of vector j accumulates: such that saturating packs,
// which work within lanes, leave int8 outputs in order. Vectors 0 to 3 pack together, a fifth by itself. int16 outputs
// are in order anyway.
static int32_t channel_of(hf_output output, int32_t vectors, int32_t j, int32_t l, int32_t i) {
    if (output == HF_OUTPUT_INT16) return 16 * j + 4 * l + i;
    if (j == 4) return 64 + 4 * l + i;
    return 4 * (vectors < 4 ? vectors : 4) * l + 4 * j + i;
}

size_t hf_convolution_size_avx512vnni(int32_t taps, int32_t k, int32_t n) {
    size_t size = LINE, depth = (size_t)taps * (size_t)k;
    for (int32_t left = (n + 15) / 16, vectors; left > 0; left -= vectors)
        size += panel_size(vectors = panel_vectors(left), depth);
    return size;
}

// Weights arrive as runs of `given` channels and become runs of `k`, the rest zero.
static void pack_panel(uint8_t *panel, const int8_t *weight, hf_requantization after, hf_output output, int32_t taps,
                       int32_t k, int32_t given, int32_t n, int32_t n0, int32_t vectors) {
    const size_t depth = (size_t)taps * (size_t)k;
    int32_t *bias = (int32_t *)(void *)panel, *shift = bias + 16 * vectors;
    int16_t *multiplier = (int16_t *)(shift + 16 * vectors);
    int8_t *w = (int8_t *)panel + constants_size(vectors);
    memset(panel, 0, panel_size(vectors, depth));
    for (int32_t lane = 0; lane < 16 * vectors; lane++) {
        int32_t j = lane / 16, l = lane % 16 / 4, i = lane % 4;
        int32_t c = n0 + channel_of(output, vectors, j, l, i), sum = 0;
        if (c >= n) continue;
        for (int32_t t = 0; t < taps; t++)
            for (int32_t i = 0; i < given; i++) {
                int8_t value = weight[((size_t)c * (size_t)taps + (size_t)t) * (size_t)given + (size_t)i];
                size_t d = (size_t)t * (size_t)k + (size_t)i;
                w[(d / 4 * (size_t)vectors * 16 + (size_t)lane) * 4 + d % 4] = value;
                sum += value;
            }
        bias[lane] = hf_fold_vnni(after.bias[c], after.shift[c], sum);
        shift[lane] = after.shift[c];
        if (output == HF_OUTPUT_INT16) {
            multiplier[lane] = after.multiplier[c];
        } else {  // as packing two vectors (or one with itself, or with the next pixel's) orders them
            int16_t *at = multiplier + j / 2 * 32 + l * 8 + i;
            at[j % 2 * 4] = after.multiplier[c];
            if (j % 2 == 0 && j + 1 == vectors) at[4] = after.multiplier[c];
        }
    }
}

void hf_pack_runs_vnni(void *packed, const int8_t *weight, hf_requantization after, hf_output output, int32_t taps,
                       int32_t k, int32_t given, int32_t n) {
    uint8_t *panel = (uint8_t *)packed + LINE;
    memset(packed, 0, LINE);
    *(int32_t *)packed = after.zero_point + 128 * (output == HF_OUTPUT_INT8);
    for (int32_t n0 = 0, vectors; n0 < n; n0 += 16 * vectors) {
        vectors = panel_vectors((n - n0 + 15) / 16);
        pack_panel(panel, weight, after, output, taps, k, given, n, n0, vectors);
        panel += panel_size(vectors, (size_t)taps * (size_t)k);
    }
}

void hf_pack_convolution_avx512vnni(void *packed, const int8_t *weight, hf_requantization after, hf_output output,
                                    int32_t taps, int32_t k, int32_t n) {
    hf_pack_runs_vnni(packed, weight, after, output, taps, k, k, n);
}

// What a panel needs after accumulation.
typedef struct {
    const uint8_t *panel;
    __m512i zero;     // int16
    ptrdiff_t first;  // its first output channel
    int32_t valid;    // its output channels
} epilogue;

// Two accumulators as int16 results; `pair` indexes the multipliers.
HF_VNNI_INLINE __m512i requantize(__m512i x, int jx, __m512i y, int jy, int pair, const int vectors,
                                  const epilogue *e) {
    const uint8_t *shift = e->panel + LINE * vectors, *multiplier = shift + LINE * vectors;
    x = _mm512_srav_epi32(x, _mm512_load_si512(shift + LINE * jx));
    y = _mm512_srav_epi32(y, _mm512_load_si512(shift + LINE * jy));
    __m512i r = _mm512_mulhrs_epi16(_mm512_packs_epi32(x, y), _mm512_load_si512(multiplier + LINE * pair));
    return _mm512_adds_epi16(r, e->zero);
}

HF_VNNI_INLINE void store(uint8_t *out, __m512i bytes, int32_t valid) {
    _mm512_mask_storeu_epi8(out, hf_mask_below(valid), bytes);
}

// int8 outputs: pairs of accumulators become one vector of int16, pairs of these one of bytes.
HF_VNNI_INLINE void store8(const hf_tile_vnni *t, const int rows, const int vectors, const epilogue *e,
                           uint8_t *const *out) {
    const __m512i *a = t->acc;
    if (vectors >= 4) {
#pragma GCC unroll 16
        for (int r = 0; r < rows; r++, a += vectors)
            store(out[r] + e->first,
                  _mm512_packus_epi16(requantize(a[0], 0, a[1], 1, 0, vectors, e),
                                      requantize(a[2], 2, a[3], 3, 1, vectors, e)),
                  e->valid);
        a = t->acc;
    }
    if (vectors == 3) {  // lanes of 12 bytes and 4 of the other pixel
        const __m512i even = _mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15);
        const __m512i odd = _mm512_setr_epi32(0, 1, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 2, 6, 10, 14);
#pragma GCC unroll 16
        for (int r = 0; r < rows; r += 2, a += 6) {
            __m512i both = requantize(a[2], 2, a[5], 2, 1, vectors, e);
            __m512i first = _mm512_packus_epi16(requantize(a[0], 0, a[1], 1, 0, vectors, e), both);
            __m512i second = _mm512_packus_epi16(requantize(a[3], 0, a[4], 1, 0, vectors, e), both);
            store(out[r] + e->first, _mm512_permutexvar_epi32(even, first), e->valid);
            store(out[r + 1] + e->first, _mm512_permutexvar_epi32(odd, second), e->valid);
        }
    }
    if (vectors == 2) {  // lanes of 8 bytes of each of two pixels
        const __m512i apart = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
        const __mmask32 mask = (__mmask32)hf_mask_below(e->valid);
#pragma GCC unroll 16
        for (int r = 0; r < rows; r += 2, a += 4) {
            __m512i q = _mm512_permutexvar_epi64(apart,
                                                 _mm512_packus_epi16(requantize(a[0], 0, a[1], 1, 0, vectors, e),
                                                                     requantize(a[2], 0, a[3], 1, 0, vectors, e)));
            _mm256_mask_storeu_epi8(out[r] + e->first, mask, _mm512_castsi512_si256(q));
            _mm256_mask_storeu_epi8(out[r + 1] + e->first, mask, _mm512_extracti64x4_epi64(q, 1));
        }
    }
    if (vectors == 1 || vectors == 5) {  // the last vector of four pixels at a time
        const __m512i apart = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        const int j = vectors - 1;
        const __mmask16 mask = (__mmask16)hf_mask_below(e->valid - 16 * j);
#pragma GCC unroll 16
        for (int r = 0; r < rows; r += 4, a += 4 * vectors) {
            __m512i q = _mm512_permutexvar_epi32(
                apart,
                _mm512_packus_epi16(requantize(a[j], j, a[j + vectors], j, j / 2, vectors, e),
                                    requantize(a[j + 2 * vectors], j, a[j + 3 * vectors], j, j / 2, vectors, e)));
            _mm_mask_storeu_epi8(out[r] + e->first + 16 * j, mask, _mm512_castsi512_si128(q));
            _mm_mask_storeu_epi8(out[r + 1] + e->first + 16 * j, mask, _mm512_extracti32x4_epi32(q, 1));
            _mm_mask_storeu_epi8(out[r + 2] + e->first + 16 * j, mask, _mm512_extracti32x4_epi32(q, 2));
            _mm_mask_storeu_epi8(out[r + 3] + e->first + 16 * j, mask, _mm512_extracti32x4_epi32(q, 3));
        }
    }
}

HF_VNNI_INLINE void store16(const hf_tile_vnni *t, const int rows, const int vectors, const epilogue *e,
                            uint8_t *const *out) {
    const uint8_t *shift = e->panel + LINE * vectors, *multiplier = shift + LINE * vectors;
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 5
        for (int j = 0; j < vectors; j++) {
            __m512i x = _mm512_srav_epi32(t->acc[r * vectors + j], _mm512_load_si512(shift + LINE * j));
            __m256i m = _mm256_load_si256((const __m256i *)(const void *)(multiplier + 32 * j));
            __m256i q = _mm256_mulhrs_epi16(_mm512_cvtsepi32_epi16(x), m);
            _mm256_mask_storeu_epi16(out[r] + 2 * (e->first + 16 * j), (__mmask16)hf_mask_below(e->valid - 16 * j), q);
        }
}

#define PANEL(rows, vectors)                                                                             \
    static HF_VNNI __attribute__((noinline)) void panel_##rows##x##vectors(                              \
        const epilogue *given, hf_output output, int32_t taps, int32_t k, const ptrdiff_t *tap_offset,   \
        const hf_block *block, size_t count) {                                                           \
        const epilogue e = *given; /* a copy that no store can change */                                 \
        const uint8_t *weights = e.panel + constants_size(vectors);                                      \
        for (size_t i = 0; i < count; i += rows) {                                                       \
            hf_tile_vnni t;                                                                              \
            hf_accumulate_vnni(&t, rows, vectors, e.panel, weights, taps, k, tap_offset, block->in + i); \
            if (output == HF_OUTPUT_INT8)                                                                \
                store8(&t, rows, vectors, &e, block->out + i);                                           \
            else                                                                                         \
                store16(&t, rows, vectors, &e, block->out + i);                                          \
        }                                                                                                \
    }
PANEL(12, 1)
PANEL(10, 2)
PANEL(8, 3)
PANEL(5, 4)
PANEL(4, 5)

HF_VNNI void hf_convolve_block_vnni(const void *packed, hf_output output, int32_t taps, int32_t k, int32_t n,
                                    const ptrdiff_t *tap_offset, const hf_block *block, size_t count) {
    static void (*const panels[])(const epilogue *, hf_output, int32_t, int32_t, const ptrdiff_t *, const hf_block *,
                                  size_t) = {panel_12x1, panel_10x2, panel_8x3, panel_5x4, panel_4x5};
    epilogue e = {.panel = (const uint8_t *)packed + LINE,
                  .zero = _mm512_set1_epi16((int16_t)*(const int32_t *)packed)};
    for (int32_t n0 = 0, vectors; n0 < n; n0 += 16 * vectors) {
        vectors = panel_vectors((n - n0 + 15) / 16);
        e.first = n0, e.valid = n - n0 < 16 * vectors ? n - n0 : 16 * vectors;
        panels[vectors - 1](&e, output, taps, k, tap_offset, block, count);
        e.panel += panel_size(vectors, (size_t)taps * (size_t)k);
    }
}

void hf_convolution_avx512vnni(const hf_convolution *layer, const uint8_t *input, hf_grid in_grid,
                               const ptrdiff_t *tap_offset, const int32_t *cells, void *output, hf_grid out_grid,
                               size_t first, size_t count) {
    // A deep block leaves the caches between two panels: fewer pixels then.
    const size_t limit = layer->k <= 160 ? HF_BLOCK : HF_BLOCK / 3;
    hf_block block;
    for (size_t p = first, end = first + count, filled; p < end; p += filled) {
        filled = hf_block_fill(&block, limit, input, in_grid, 1, cells, output, out_grid, p, end);
        hf_convolve_block_vnni(layer->packed, layer->output, layer->taps, layer->k, layer->n, tap_offset, &block,
                               filled);
    }
}
#endif
