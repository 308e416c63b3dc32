// Checks kernel tables against the scalar truth and prints one line each. Usage: check [SEED [TABLE...]]
//
// With table names, a missing one is an error: an emulated processor must have what it is there to test.
#include <stdio.h>
#include <stdlib.h>

#include "CKernelChecks.h"

static int check(const char *name, uint64_t seed) {
    const hf_kernels *kernels = hf_kernels_named(name);
    const hf_named_check *check;
    int failures = 0;
    if (!kernels) {
        printf("%-10s missing on this processor\n", name);
        return 1;
    }
    for (size_t i = 0; (check = hf_check_at(i)); i++) {
        char message[256];
        size_t cases = check->check(kernels, seed, message, sizeof message);
        printf("%-10s %-11s %5zu cases agree %s%s\n", name, check->name, cases, *message ? "FAILED " : "", message);
        failures += *message != 0;
    }
    return failures;
}

int main(int count, char **arguments) {
    uint64_t seed = count > 1 ? strtoull(arguments[1], NULL, 10) : 1;
    int failures = 0;
    for (int i = 2; i < count; i++) failures += check(arguments[i], seed);
    for (size_t i = 0; count < 3 && hf_kernels_name(i); i++) failures += check(hf_kernels_name(i), seed);
    return failures != 0;
}
