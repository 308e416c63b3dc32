#include "support.h"

size_t hf_check_dot_rows(const hf_kernels *kernels, uint64_t seed, char *message, size_t message_size) {
    static const size_t depths[] = {8, 16, 24, 56, 64, 72, 120, 128, 136, 256, 512, 520, 1200, 4352};
    const hf_kernels *truth = hf_kernels_named("scalar");
    random_source r = {seed};
    size_t cases = 0;
    *message = 0;
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++)
        for (size_t count = 0; count < 12; count++, cases++) {
            const size_t d = depths[i];
            fill how = (fill)random_between(&r, 0, FILLS - 1), other = (fill)random_between(&r, 0, FILLS - 1);
            int8_t *rows = aligned_make(count * d), *vector = aligned_make(d);
            fill_signed(&r, how, rows, count * d), fill_weights(&r, other, vector, d);
            guarded out[2] = {guarded_make(count * 4, 8), guarded_make(count * 4, 8)};
            truth->dot_rows(rows, count, d, vector, (int32_t *)(void *)out[0].start);
            kernels->dot_rows(rows, count, d, vector, (int32_t *)(void *)out[1].start);
            ptrdiff_t at = guarded_difference(out[0], out[1]);
            guarded_free(out[0]), guarded_free(out[1]);
            free(rows), free(vector);
            if (at != PTRDIFF_MAX) {
                snprintf(message, message_size, "%zu rows of %zu, fills %d %d: byte %td differs", count, d, how, other,
                         at);
                return cases;
            }
        }
    return cases;
}

// `coarse` values and few landmarks make ties and rivals of the best's own landmark common.
static int check_match_case(const hf_kernels *kernels, const hf_kernels *truth, size_t d, size_t queries, size_t count,
                            int coarse, random_source *r, char *message, size_t message_size) {
    int8_t *query = aligned_make(queries * d), *rows = aligned_make(count * d);
    uint32_t *landmark = aligned_make(count * 4), *candidates = aligned_make(count * 4 + 4);
    fill how = coarse ? RANDOM : (fill)random_between(r, 0, FILLS - 1);
    fill_weights(r, how, query, queries * d),
        fill_signed(r, coarse ? RANDOM : (fill)random_between(r, 0, FILLS - 1), rows, count * d);
    if (coarse)
        for (size_t i = 0; i < count * d; i++) rows[i] = i % d < 3 ? (int8_t)(rows[i] / 100) : 0;
    const int32_t landmarks = random_between(r, 1, coarse ? 4 : 1 + (int32_t)count);
    for (size_t i = 0; i < count; i++) landmark[i] = (uint32_t)random_between(r, 0, landmarks - 1);
    size_t listed = 0;
    for (size_t i = 0; i < count; i++)
        if (random_between(r, 0, 2)) candidates[listed++] = (uint32_t)i;

    int same = 1;
    guarded out[2];
    const hf_kernels *tables[2] = {truth, kernels};
    for (int list = 0; list < 2 && same; list++) {
        for (int v = 0; v < 2; v++) {
            out[v] = guarded_make(queries * sizeof(hf_best), 9);
            hf_best *best = (hf_best *)(void *)out[v].start;
            void *scratch = aligned_make(tables[v]->match_scratch(d, count));
            if (list)
                for (size_t q = 0; q < queries; q++)
                    tables[v]->match_listed(query + q * d, rows, landmark, candidates, listed, d, best + q);
            else
                tables[v]->match(query, queries, rows, landmark, count, d, scratch, best);
            free(scratch);
        }
        ptrdiff_t at = guarded_difference(out[0], out[1]);
        if (at != PTRDIFF_MAX)
            snprintf(message, message_size,
                     "%zu queries, %zu rows of %zu, %d landmarks, coarse %d, list %d: byte %td differs", queries, count,
                     d, landmarks, coarse, list, at);
        guarded_free(out[0]), guarded_free(out[1]);
        same = at == PTRDIFF_MAX;
    }
    free(query), free(rows), free(landmark), free(candidates);
    return same;
}

size_t hf_check_match(const hf_kernels *kernels, uint64_t seed, char *message, size_t message_size) {
    static const size_t depths[] = {8, 24, 64, 72, 128, 256, 504, 512};
    static const size_t counts[] = {0, 1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 130};
    const hf_kernels *truth = hf_kernels_named("scalar");
    random_source r = {seed};
    size_t cases = 0;
    *message = 0;
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
            for (size_t queries = 0; queries < 14; queries += 1 + queries / 3, cases++)
                if (!check_match_case(kernels, truth, depths[i], queries, counts[c], (int)(cases % 2), &r, message,
                                      message_size))
                    return cases;
    return cases;
}
