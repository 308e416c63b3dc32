#include "support.h"

static void *checked(void *pointer) {
    if (!pointer) abort();
    return pointer;
}

void *aligned_make(size_t size) {
    return checked(aligned_alloc(HF_ALIGNMENT, (size + HF_ALIGNMENT) / HF_ALIGNMENT * HF_ALIGNMENT));
}

size_t network_channels(hf_operation operation, int32_t channels[HF_NETWORK_LAYERS]) {
    hf_network_layer layers[HF_NETWORK_LAYERS];
    const size_t layer_count = hf_network_layers(256, layers);
    size_t count = 0;
    for (size_t i = 0; i < layer_count; i++) {
        size_t known = 0;
        while (known < count && channels[known] != layers[i].n) known++;
        if (layers[i].operation == operation && known == count) channels[count++] = layers[i].n;
    }
    return count;
}

static int32_t value_of(random_source *r, fill how, size_t i, int32_t low, int32_t high) {
    switch (how) {
    case HIGHEST: return high;
    case LOWEST: return low;
    case ALTERNATING: return i % 2 ? high : low;
    case OPPOSED: return i % 4 < 2 ? high : low;
    default: return random_between(r, low, high);
    }
}

void fill_activations(random_source *r, fill how, uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)((uint8_t)value_of(r, how, i, -128, 127) ^ HF_ACTIVATION_XOR);
}
void fill_weights(random_source *r, fill how, int8_t *weights, size_t count) {
    for (size_t i = 0; i < count; i++) weights[i] = (int8_t)value_of(r, how, i, -127, 127);
}
void fill_signed(random_source *r, fill how, int8_t *values, size_t count) {
    for (size_t i = 0; i < count; i++) values[i] = (int8_t)value_of(r, how, i, -128, 127);
}

guarded guarded_make(size_t size, uint64_t seed) {
    guarded g = {.all = checked(aligned_alloc(HF_ALIGNMENT, (size + 3 * HF_SLACK) / HF_ALIGNMENT * HF_ALIGNMENT)),
                 .size = size};
    g.start = g.all + HF_SLACK;
    random_source r = {seed};
    for (size_t i = 0; i < size + 2 * HF_SLACK; i++) g.all[i] = (uint8_t)next_random(&r);
    return g;
}
void guarded_free(guarded g) { free(g.all); }

ptrdiff_t guarded_difference(guarded a, guarded b) {
    for (size_t i = 0; i < a.size + 2 * HF_SLACK; i++)
        if (a.all[i] != b.all[i]) return (ptrdiff_t)i - HF_SLACK;
    return PTRDIFF_MAX;
}

layer_constants constants_make(random_source *r, int32_t n, size_t depth, hf_output output, int extreme) {
    layer_constants c = {
        checked(malloc((size_t)n * 4)), checked(malloc((size_t)n)), checked(malloc((size_t)n * 2)), {0}};
    // Random sums are about 74 * 73 * sqrt(depth); aim them at the outputs' range.
    int32_t typical = 0;
    while (typical < 16 && (5400.0 * 5400.0 * (double)depth) > (double)(1ll << (2 * typical)) * 1000.0 * 1000.0)
        typical++;
    for (int32_t i = 0; i < n; i++) {
        c.bias[i] = random_between(r, -(1 << 16), 1 << 16);
        c.shift[i] = (uint8_t)random_between(r, typical > 1 ? typical - 1 : 0, typical + 1);
        c.multiplier[i] = (int16_t)(output == HF_OUTPUT_INT8 ? random_between(r, 1 << 11, (1 << 12) - 1)
                                                             : random_between(r, 1 << 14, 32767));
        if (!extreme) continue;
        static const uint8_t shifts[] = {0, 1, 7, 15, 16, 24};
        static const int16_t multipliers[] = {0, 1, 2048, 16384, 32767};
        c.bias[i] = random_between(r, 0, 3) ? random_between(r, -(1 << 28), 1 << 28) : 0;
        c.shift[i] = shifts[random_between(r, 0, 5)];
        c.multiplier[i] = multipliers[random_between(r, 0, 4)];
    }
    static const int32_t zeros[] = {-128, 0, 127, -77};
    c.after = (hf_requantization){c.bias, c.shift, c.multiplier,
                                  output == HF_OUTPUT_INT8 ? zeros[random_between(r, 0, 3)] : 0};
    return c;
}
void constants_free(layer_constants c) {
    free(c.bias);
    free(c.shift);
    free(c.multiplier);
}
