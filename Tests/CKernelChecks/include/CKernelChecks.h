// A table of kernels against the scalar truth, bit for bit: called by the Swift tests for what the host can run, and by
// tools/kernels/test-arm for NEON under an emulator.
//
// Every check runs one family over sizes around the tiles, the network's own shapes, adversarial values, odd strides
// and ranges, and compares whole buffers: outputs, the gaps between them, and guard bytes around.
#ifndef CKERNELCHECKS_H
#define CKERNELCHECKS_H

#include <stddef.h>
#include <stdint.h>

#include "CKernels.h"

// Returns how many cases agreed before the first that did not; `message` then says which (else it is empty).
typedef size_t hf_check(const hf_kernels *kernels, uint64_t seed, char *message, size_t message_size);

hf_check hf_check_convolution, hf_check_depthwise, hf_check_stem, hf_check_add, hf_check_dot_rows, hf_check_match;

// The checks by name; NULL past the last.
typedef struct hf_named_check {
    const char *name;
    hf_check *check;
} hf_named_check;
const hf_named_check *hf_check_at(size_t index);

#endif
