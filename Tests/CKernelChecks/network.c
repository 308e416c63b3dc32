// HF-Net's layers, as Sources/Inference/HFNet.swift has them; a test of Inference holds the two together.
#include <stdio.h>

#include "CKernelChecks.h"

// The inverted residuals in their order: the first coarse one reads what the last is added to, the trunk's end is the
// last that the local heads need.
static const struct {
    const char *name;
    int32_t expanded, out, stride;
} blocks[] = {
    {"layer2", 24, 16, 1},    {"layer3", 96, 24, 2},    {"layer4", 144, 24, 1},   {"layer5", 144, 72, 2},
    {"layer6", 144, 80, 1},   {"context1", 144, 80, 1}, {"context2", 144, 80, 1}, {"coarse1", 144, 96, 2},
    {"coarse2", 192, 96, 1},  {"coarse3", 192, 96, 1},  {"coarse4", 192, 80, 1},  {"context3", 144, 80, 1},
    {"context4", 144, 80, 1}, {"layer7", 288, 96, 1},   {"layer8", 576, 48, 2},   {"layer9", 288, 48, 1},
    {"layer10", 288, 48, 1},  {"layer11", 288, 48, 1},  {"layer12", 288, 72, 1},  {"layer13", 432, 72, 1},
    {"layer14", 432, 72, 1},
};
enum { COARSE_END = 10, TRUNK_END = 13, BLOCKS = sizeof blocks / sizeof *blocks };

typedef struct list {
    hf_network_layer *layers;
    size_t count;
    int block, shrink;
} list;

static void push(list *l, const char *name, const char *part, hf_operation operation, int32_t k, int32_t n,
                 int32_t stride, hf_output output) {
    hf_network_layer *layer = &l->layers[l->count++];
    *layer = (hf_network_layer){.operation = operation,
                                .k = k,
                                .n = n,
                                .stride = stride,
                                .shrink = l->shrink,
                                .output = output,
                                .block = l->block,
                                .is_local = l->block <= TRUNK_END};
    snprintf(layer->name, sizeof layer->name, "%s%s", name, part);
}

static int32_t push_block(list *l, int block, int32_t in) {
    const char *name = blocks[block].name;
    const int32_t expanded = blocks[block].expanded, out = blocks[block].out, stride = blocks[block].stride;
    l->block = block;
    if (expanded != in) push(l, name, ".expand", HF_POINTWISE, in, expanded, 1, HF_OUTPUT_INT8);
    l->shrink *= stride;
    push(l, name, ".depthwise", HF_DEPTHWISE, expanded, expanded, stride, HF_OUTPUT_INT8);
    push(l, name, ".project", HF_POINTWISE, expanded, out, 1, HF_OUTPUT_INT8);
    if (stride == 1 && in == out) push(l, name, ".add", HF_ADD, out, out, 1, HF_OUTPUT_INT8);
    if (block == COARSE_END) {  // each of its cells to four
        l->shrink /= 2;
        push(l, name, ".add", HF_ADD, out, out, 2, HF_OUTPUT_INT8);
    }
    return out;
}

size_t hf_network_layers(int32_t descriptor, hf_network_layer layers[HF_NETWORK_LAYERS]) {
    list l = {layers, 0, -1, 2};
    int32_t channels = 24, local = 0, local_shrink = 0;
    push(&l, "layer1", "", HF_STEM, 1, channels, 2, HF_OUTPUT_INT8);
    for (int block = 0; block < BLOCKS; block++) {
        channels = push_block(&l, block, channels);
        if (block == TRUNK_END) local = channels, local_shrink = l.shrink;
    }
    const int shrink = l.shrink;
    l.block = -1, l.shrink = local_shrink;
    push(&l, "detector", ".hidden", HF_CONVOLUTION, local, 128, 1, HF_OUTPUT_INT8);
    push(&l, "detector", ".logits", HF_POINTWISE, 128, 65, 1, HF_OUTPUT_INT16);
    push(&l, "descriptor", ".hidden", HF_CONVOLUTION, local, 256, 1, HF_OUTPUT_INT8);
    push(&l, "descriptor", ".map", HF_POINTWISE, 256, descriptor, 1, HF_OUTPUT_INT16);
    l.block = BLOCKS, l.shrink = shrink;
    push(&l, "vlad", ".cells", HF_POINTWISE, channels, 32, 1, HF_OUTPUT_INT16);
    l.shrink = local_shrink;  // as many as keypoints, or more
    push(&l, "vlad", ".keypoints", HF_POINTWISE, descriptor, 32, 1, HF_OUTPUT_INT16);
    return l.count;
}
