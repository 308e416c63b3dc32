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

hf_check hf_check_convolution, hf_check_depthwise, hf_check_stem, hf_check_add, hf_check_dot_rows, hf_check_match,
    hf_check_patch;

// The checks by name; NULL past the last.
typedef struct hf_named_check {
    const char *name;
    hf_check *check;
} hf_named_check;
const hf_named_check *hf_check_at(size_t index);

// A layer of HF-Net as a kernel computes it.
typedef enum hf_operation { HF_STEM, HF_POINTWISE, HF_DEPTHWISE, HF_CONVOLUTION, HF_ADD } hf_operation;
typedef struct hf_network_layer {
    char name[24];
    hf_operation operation;
    int32_t k, n;      // channels in and out
    int32_t stride;    // of an addition: pixels of the output along a side for each of the first input
    int32_t shrink;    // pixels of the image along a side for each of the output
    hf_output output;
    int32_t block;     // which inverted residual it is part of; less than 0 for the stem and the local heads
    int32_t is_local;  // needed for local features
} hf_network_layer;

// The network's layers in the order of its model file, for descriptors of so many numbers; returns how many there are.
enum { HF_NETWORK_LAYERS = 112 };
size_t hf_network_layers(int32_t descriptor, hf_network_layer layers[HF_NETWORK_LAYERS]);

#endif
