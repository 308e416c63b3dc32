// In bytes only, so that every compiler makes whole vectors of it.
#include "CKernels.h"

static inline uint8_t distance(uint8_t a, uint8_t b) { return (uint8_t)(a > b ? a - b : b - a); }

void hf_count_breaks(const uint8_t *first, const uint8_t *before, const uint8_t *line, const uint8_t *after,
                     uint8_t *counts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint8_t here = distance(before[i], first[i]), next = distance(after[i], line[i]);
        uint8_t usual = here > next ? here : next, step = distance(line[i], before[i]);
        // step > 2 * usual + 8, without leaving a byte.
        uint8_t above = step > 8 ? (uint8_t)(step - 8) : 0;
        uint8_t half = (uint8_t)(above / 2 + above % 2);
        counts[i] = (uint8_t)(counts[i] + (half > usual));
    }
}
