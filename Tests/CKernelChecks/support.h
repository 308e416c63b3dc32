// Random and adversarial layers, guarded buffers.
#ifndef HF_CHECK_SUPPORT_H
#define HF_CHECK_SUPPORT_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernelChecks.h"

typedef struct random_source {
    uint64_t state;
} random_source;

// splitmix64
static inline uint64_t next_random(random_source *r) {
    uint64_t z = (r->state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}
static inline int32_t random_between(random_source *r, int32_t low, int32_t high) {
    return low + (int32_t)(next_random(r) % (uint64_t)(high - low + 1));
}

// RANDOM, or the values that make sums largest, smallest, or cancel pairwise.
typedef enum fill { RANDOM, HIGHEST, LOWEST, ALTERNATING, OPPOSED, FILLS } fill;
void fill_activations(random_source *r, fill how, uint8_t *bytes, size_t count);
void fill_weights(random_source *r, fill how, int8_t *weights, size_t count);
void fill_signed(random_source *r, fill how, int8_t *values, size_t count);  // from -128

// A buffer of `size` bytes between guards of HF_SLACK bytes, all of it random but the same for the same seed.
typedef struct guarded {
    uint8_t *all, *start;
    size_t size;
} guarded;
guarded guarded_make(size_t size, uint64_t seed);
void guarded_free(guarded g);
// The first byte at which two differ, relative to start, or PTRDIFF_MAX.
ptrdiff_t guarded_difference(guarded a, guarded b);

// Requantization of n channels: as in a network, or with the extreme shifts, multipliers and zero points.
typedef struct layer_constants {
    int32_t *bias;
    uint8_t *shift;
    int16_t *multiplier;
    hf_requantization after;
} layer_constants;
layer_constants constants_make(random_source *r, int32_t n, size_t depth, hf_output output, int extreme);
void constants_free(layer_constants c);

void *aligned_make(size_t size);

// The different numbers of channels that the network's layers of one operation put out; returns how many there are.
size_t network_channels(hf_operation operation, int32_t channels[HF_NETWORK_LAYERS]);

#endif
