// Prints what hflocd publishes, and whether to use it: subscribe-c ENDPOINT, as UseIt.md explains.
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#include "hfloc/v1/localization.pb-c.h"

static const int options[][2] = {{ZMQ_CONFLATE, 1}, {ZMQ_HEARTBEAT_IVL, 2000}, {ZMQ_HEARTBEAT_TIMEOUT, 6000},
                                 {ZMQ_RCVTIMEO, 3000}, {ZMQ_RECONNECT_IVL, 50}, {ZMQ_RECONNECT_IVL_MAX, 1000}};

// Whether the pose may be used. Its age is by CLOCK_MONOTONIC, which stands for one machine and boot alone.
static const char *verdict(const Hfloc__V1__Localization *m, const char *boot, double age_ms) {
    if (m->protocol_version != 1) return "not used: of a version that this program does not know";
    if (m->state != HFLOC__V1__STATE__STATE_LOCALIZED) return "not used: not localized";
    return strcmp(m->boot_id, boot) != 0 || age_ms < 0 || age_ms > 500 ? "not used: stale" : "used";
}

// A frame in the map: x y z, w x y z.
static void print(const char *frame, const Hfloc__V1__Pose *pose) {
    if (!pose || !pose->position || !pose->orientation) return;
    const Hfloc__V1__Vector3 *p = pose->position;
    const Hfloc__V1__Quaternion *q = pose->orientation;
    printf(", %s %g %g %g %g %g %g %g", frame, p->x, p->y, p->z, q->w, q->x, q->y, q->z);
}

int main(int count, char **arguments) {
    void *socket = zmq_socket(zmq_ctx_new(), ZMQ_SUB);
    for (int i = 0; i < 6; i++) zmq_setsockopt(socket, options[i][0], &options[i][1], sizeof options[i][1]);
    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
    if (count < 2 || zmq_connect(socket, arguments[1]) != 0) return 64;
    char boot[64];
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
    if (!file || fscanf(file, "%63s", boot) != 1) return 71;
    for (uint8_t bytes[16384];;) {
        const int size = zmq_recv(socket, bytes, sizeof bytes, 0);
        if (size < 0) fprintf(stderr, "nothing for 3 s: hflocd is gone, or not there yet\n");
        if (size < 0 || size > (int)sizeof bytes) continue;
        Hfloc__V1__Localization *m = hfloc__v1__localization__unpack(NULL, (size_t)size, bytes);
        if (!m) continue;
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        const double now_ms = (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
        const double age_ms = now_ms - (double)m->capture_monotonic_ns * 1e-6;
        printf("%lu state %d", (unsigned long)m->sequence, m->state);
        print(m->camera_frame, m->pose);
        print(m->base_frame, m->base_pose);
        printf(", age %.1f ms, %s\n", age_ms, verdict(m, boot, age_ms));
        fflush(stdout);
        hfloc__v1__localization__free_unpacked(m, NULL);
    }
}
