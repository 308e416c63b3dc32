#include "background.h"

#include "CLinux.h"
#include "futex.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { IDLE, ASKED, ENDS, ENDED };

struct hf_background {
    _Atomic uint32_t state;  // the thread, and who waits for it, sleep on it
    void (*body)(void *);
    void *context;
};

static void sleep_while(hf_background *background, uint32_t state) {
    while (atomic_load_explicit(&background->state, memory_order_acquire) == state)
        hf_futex_wait(&background->state, state);
}

static void set(hf_background *background, uint32_t state) {
    atomic_store_explicit(&background->state, state, memory_order_release);
    hf_futex_wake(&background->state, 1);
}

static void serve(void *context) {
    hf_background *background = context;
    for (;;) {
        sleep_while(background, IDLE);
        if (atomic_load_explicit(&background->state, memory_order_acquire) == ENDS) break;
        background->body(background->context);
        set(background, IDLE);
    }
    // After this its memory may be gone; its address is all that the wake needs.
    set(background, ENDED);
}

hf_background *hf_background_start(const char *name, int priority, const int *cpus, size_t cpu_count,
                                   void (*body)(void *), void *context) {
    hf_background *background = malloc(sizeof *background);
    if (!background) return NULL;
    *background = (hf_background){.state = IDLE, .body = body, .context = context};
    if (hf_start_thread(name, priority, cpus, cpu_count, serve, background) == 0) return background;
    free(background);
    return NULL;
}

void hf_background_end(hf_background *background) {
    if (!background) return;
    hf_background_wait(background);
    set(background, ENDS);
    sleep_while(background, ENDS);
    free(background);
}

void hf_background_ask(hf_background *background) { set(background, ASKED); }

bool hf_background_is_idle(const hf_background *background) {
    return atomic_load_explicit(&background->state, memory_order_acquire) == IDLE;
}

void hf_background_wait(hf_background *background) { sleep_while(background, ASKED); }
