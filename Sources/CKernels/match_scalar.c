// The truth about dot products of descriptors and their best matches.
#include "arithmetic.h"
#include "best.h"
#include "kernels.h"

static int32_t dot(const int8_t *a, const int8_t *b, size_t d) {
    int32_t sum = 0;
    for (size_t i = 0; i < d; i++) sum += a[i] * b[i];
    return sum;
}

void hf_dot_rows_scalar(const int8_t *rows, size_t count, size_t d, const int8_t *vector, int32_t *out) {
    for (size_t i = 0; i < count; i++) out[i] = dot(rows + i * d, vector, d);
}

size_t hf_match_scratch_scalar(size_t d, size_t count) {
    (void)d, (void)count;
    return 0;
}

void hf_match_scalar(const int8_t *query, size_t queries, const int8_t *rows, const uint32_t *landmark, size_t count,
                     size_t d, void *scratch, hf_best *best) {
    (void)scratch;
    for (size_t q = 0; q < queries; q++) {
        best[q] = hf_best_none();
        for (size_t i = 0; i < count; i++)
            hf_best_insert(&best[q], landmark, (int32_t)i, dot(query + q * d, rows + i * d, d));
    }
}

void hf_match_listed_scalar(const int8_t *query, const int8_t *rows, const uint32_t *landmark,
                            const uint32_t *candidates, size_t count, size_t d, hf_best *best) {
    *best = hf_best_none();
    for (size_t i = 0; i < count; i++)
        hf_best_insert(best, landmark, (int32_t)candidates[i], dot(query, rows + candidates[i] * d, d));
}
