#include "workers.h"

#include "CLinux.h"
#include "futex.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

// The next job of a frame comes within microseconds; between frames helpers sleep.
enum { SPIN_NS = 50 * 1000, LINE = 64 };

// Jobs are numbered; the ticket holds the number of the job and the next of its items, so that no helper can take an
// item of a job that it does not know: 32 bits each.
struct hf_team {
    int helpers;
    hf_team_item body;  // of the job; written while none of its items can be taken
    void *context;
    _Atomic bool busy;  // a caller has the helpers
    _Atomic int items;
    _Alignas(LINE) _Atomic uint64_t ticket;
    _Alignas(LINE) _Atomic int left;  // items that are not done yet; the caller sleeps on it
    _Atomic bool caller_sleeps;
    _Alignas(LINE) _Atomic uint32_t bell;  // helpers sleep on it
    _Atomic int sleepers;
    _Atomic bool ends;
    _Atomic int running;  // helpers that have not ended; hf_team_end sleeps on it
};

struct helper {
    hf_team *team;
    int worker;
};

static void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static uint32_t job_of(uint64_t ticket) { return (uint32_t)(ticket >> 32); }

// The next item of job `job`, or -1 when all are taken or the job is over.
static int take(hf_team *team, uint32_t job) {
    uint64_t ticket = atomic_load_explicit(&team->ticket, memory_order_acquire);
    for (;;) {
        int item = (int)(uint32_t)ticket;
        if (job_of(ticket) != job || item >= atomic_load_explicit(&team->items, memory_order_relaxed)) return -1;
        if (atomic_compare_exchange_weak_explicit(&team->ticket, &ticket, ticket + 1, memory_order_acq_rel,
                                                  memory_order_acquire))
            return item;
    }
}

static void work(hf_team *team, uint32_t job, int worker) {
    int item;
    while ((item = take(team, job)) >= 0) {
        // The job cannot end before its items have, so that these are its own.
        team->body(team->context, item, worker);
        bool is_last = atomic_fetch_sub(&team->left, 1) == 1;
        if (is_last && worker && atomic_load(&team->caller_sleeps)) hf_futex_wake(&team->left, 1);
    }
}

// Spins, then sleeps, until there is a job after `job`, or the end; gives its number.
static uint32_t next_job(hf_team *team, uint32_t job) {
    uint64_t limit = hf_monotonic_ns() + SPIN_NS;
    for (;;) {
        for (int i = 0; i < 64; i++) {
            uint32_t now = job_of(atomic_load_explicit(&team->ticket, memory_order_acquire));
            if (now != job || atomic_load_explicit(&team->ends, memory_order_relaxed)) return now;
            relax();
        }
        if (hf_monotonic_ns() < limit) continue;
        // Whoever changes the ticket looks for sleepers after it, and whoever goes to sleep looks at the ticket after
        // being counted: one of the two sees the other.
        uint32_t bell = atomic_load(&team->bell);
        atomic_fetch_add(&team->sleepers, 1);
        if (job_of(atomic_load(&team->ticket)) == job && !atomic_load(&team->ends))
            hf_futex_wait(&team->bell, bell);
        atomic_fetch_sub(&team->sleepers, 1);
    }
}

static void ring(hf_team *team) {
    if (!atomic_load(&team->sleepers)) return;
    atomic_fetch_add(&team->bell, 1);
    hf_futex_wake(&team->bell, INT_MAX);
}

static void help(void *context) {
    struct helper helper = *(struct helper *)context;
    free(context);
    hf_team *team = helper.team;
    uint32_t job = 0;
    while (!atomic_load(&team->ends)) {
        job = next_job(team, job);
        work(team, job, helper.worker);
    }
    // After this the team may be gone; its address is all that the call needs.
    if (atomic_fetch_sub(&team->running, 1) == 1) hf_futex_wake(&team->running, 1);
}

hf_team *hf_team_start(int helpers, int priority, const int *cpus, size_t cpu_count) {
    hf_team *team = aligned_alloc(LINE, (sizeof *team + LINE - 1) / LINE * LINE);
    if (!team) return NULL;
    *team = (hf_team){0};
    for (int i = 1; i <= helpers; i++) {
        struct helper *helper = malloc(sizeof *helper);
        if (!helper) break;
        *helper = (struct helper){team, team->helpers + 1};
        char name[16];
        snprintf(name, sizeof name, "worker %d", helper->worker);
        atomic_fetch_add(&team->running, 1);
        if (hf_start_thread(name, priority, cpus, cpu_count, help, helper) == 0) {
            team->helpers++;
            continue;
        }
        atomic_fetch_sub(&team->running, 1);
        free(helper);
        break;
    }
    return team;
}

void hf_team_end(hf_team *team) {
    if (!team) return;
    atomic_store(&team->ends, true);
    ring(team);
    int running;
    while ((running = atomic_load(&team->running)) > 0) hf_futex_wait(&team->running, (uint32_t)running);
    free(team);
}

int hf_team_threads(const hf_team *team) { return team->helpers + 1; }

void hf_team_run(hf_team *team, int items, hf_team_item body, void *context) {
    if (items <= 0) return;
    // A second caller does not wait for the first one's job.
    if (items == 1 || !team->helpers || atomic_exchange_explicit(&team->busy, true, memory_order_acquire)) {
        for (int i = 0; i < items; i++) body(context, i, 0);
        return;
    }
    uint32_t job = job_of(atomic_load_explicit(&team->ticket, memory_order_relaxed)) + 1;
    // All items of the job before are taken and done: nobody reads these until the ticket is theirs.
    team->body = body;
    team->context = context;
    atomic_store_explicit(&team->items, items, memory_order_relaxed);
    atomic_store_explicit(&team->left, items, memory_order_relaxed);
    atomic_store(&team->ticket, (uint64_t)job << 32);
    ring(team);
    work(team, job, 0);
    uint64_t limit = hf_monotonic_ns() + SPIN_NS;
    while (atomic_load_explicit(&team->left, memory_order_acquire) > 0) {
        for (int i = 0; i < 64 && atomic_load_explicit(&team->left, memory_order_acquire) > 0; i++) relax();
        if (hf_monotonic_ns() < limit) continue;
        // A helper holds an item and is not run: let it.
        atomic_store(&team->caller_sleeps, true);
        int left;
        while ((left = atomic_load(&team->left)) > 0) hf_futex_wait(&team->left, (uint32_t)left);
        atomic_store(&team->caller_sleeps, false);
    }
    atomic_store_explicit(&team->busy, false, memory_order_release);
}
