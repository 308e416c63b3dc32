#include "support.h"

static int check_case(const hf_kernels *kernels, const hf_kernels *truth, int32_t channels, fill fill_a, fill fill_b,
                      int extreme, int in_place, random_source *r, char *message, size_t message_size) {
    const int32_t width = random_between(r, 1, 9), height = random_between(r, 1, 4),
                  padding = 8 * random_between(r, 0, 1);
    hf_grid grids[3];
    for (int i = 0; i < 3; i++) {
        const int32_t pixel = channels + padding * random_between(r, 0, 1);
        grids[i] = (hf_grid){width, pixel, width * pixel + random_between(r, 0, 5)};
    }
    if (in_place) grids[2] = grids[1];
    const int32_t zero_a = extreme ? (random_between(r, 0, 1) ? 127 : -128) : random_between(r, -128, 127);
    const int32_t zero_b = random_between(r, -128, 127), zero_out = random_between(r, -128, 127);
    const int16_t multiplier_a = (int16_t)(extreme ? 32767 : random_between(r, 0, 16384));
    const int16_t multiplier_b = (int16_t)(extreme ? random_between(r, 0, 1) * 32767 : random_between(r, 0, 16384));
    const int32_t y0 = random_between(r, 0, height - 1), y1 = random_between(r, y0, height);
    guarded a = guarded_make((size_t)(height * grids[0].row_stride), 5), out[2];
    fill_activations(r, fill_a, a.start, a.size);
    const hf_kernels *tables[2] = {truth, kernels};
    const random_source before = *r;
    for (int v = 0; v < 2; v++) {
        *r = before;
        guarded b = guarded_make((size_t)(height * grids[1].row_stride), 6);
        fill_activations(r, fill_b, b.start, b.size);
        out[v] = in_place ? b : guarded_make((size_t)(height * grids[2].row_stride), 7);
        tables[v]->add(a.start, grids[0], zero_a, multiplier_a, b.start, grids[1], zero_b, multiplier_b, out[v].start,
                       grids[2], zero_out, channels, y0, y1);
        if (!in_place) guarded_free(b);
    }
    ptrdiff_t at = guarded_difference(out[0], out[1]);
    if (at != PTRDIFF_MAX)
        snprintf(message, message_size, "%d channels, %dx%d, fills %d %d, extreme %d, in place %d: byte %td differs",
                 channels, width, height, fill_a, fill_b, extreme, in_place, at);
    guarded_free(a), guarded_free(out[0]), guarded_free(out[1]);
    return at == PTRDIFF_MAX;
}

size_t hf_check_add(const hf_kernels *kernels, uint64_t seed, char *message, size_t message_size) {
    static const int32_t tiles[] = {8, 16, 40, 56, 64, 128, 136};
    int32_t channels[sizeof tiles / sizeof *tiles + HF_NETWORK_LAYERS];
    memcpy(channels, tiles, sizeof tiles);
    const size_t count =
        sizeof tiles / sizeof *tiles + network_channels(HF_ADD, channels + sizeof tiles / sizeof *tiles);
    const hf_kernels *truth = hf_kernels_named("scalar");
    random_source r = {seed};
    size_t cases = 0;
    *message = 0;
    for (size_t i = 0; i < count; i++)
        for (int variation = 0; variation < 40; variation++, cases++)
            if (!check_case(kernels, truth, channels[i],
                            variation % 4 ? RANDOM : (fill)random_between(&r, 0, FILLS - 1),
                            variation % 4 ? RANDOM : (fill)random_between(&r, 0, FILLS - 1), variation % 3 == 2,
                            variation % 2, &r, message, message_size))
                return cases;
    return cases;
}
