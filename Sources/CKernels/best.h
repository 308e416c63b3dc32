// The best two of a stream of dot products, where observations of one landmark do not compete.
#ifndef HF_BEST_H
#define HF_BEST_H

#include "CKernels.h"

static inline hf_best hf_best_none(void) { return (hf_best){.index = -1, .dot = INT32_MIN, .second_dot = INT32_MIN}; }

// Whether an observation with this dot product can change `best`: the fast filter before `hf_best_insert`.
static inline int hf_best_admits(const hf_best *best, int32_t dot) { return best->index < 0 || dot > best->second_dot; }

// One second suffices. If an observation of another landmark overtakes the best, the old best is the maximum of all
// that came before, so of all other landmarks too; if one of the same landmark does, the other landmarks' maximum is
// what it was. Observations must come in ascending index for ties to go to the lower one.
static inline void hf_best_insert(hf_best *best, const uint32_t *landmark, int32_t index, int32_t dot) {
    if (best->index < 0) {
        *best = (hf_best){.index = index, .dot = dot, .second_dot = INT32_MIN};
    } else if (landmark[index] == landmark[best->index]) {
        if (dot > best->dot) best->index = index, best->dot = dot;
    } else if (dot > best->dot) {
        *best = (hf_best){.index = index, .dot = dot, .second_dot = best->dot};
    } else if (dot > best->second_dot) {
        best->second_dot = dot;
    }
}

#endif
