// Prints what hflocd publishes, and whether to use it: subscribe-c ENDPOINT [COUNT], as UseIt.md explains.
// tools/examples/build builds it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#include "hfloc/v1/localization.pb-c.h"

static const int options[][2] = {{ZMQ_CONFLATE, 1}, {ZMQ_HEARTBEAT_IVL, 2000}, {ZMQ_HEARTBEAT_TIMEOUT, 6000},
                                 {ZMQ_RCVTIMEO, 3000}, {ZMQ_RECONNECT_IVL, 50}, {ZMQ_RECONNECT_IVL_MAX, 1000}};
static const double maximum_age_ms = 500;

// CLOCK_MONOTONIC, which stands for one machine and boot alone.
static double age_ms(const Hfloc__V1__Localization *m) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec * 1000000000L + now.tv_nsec - (long)m->capture_monotonic_ns) * 1e-6;
}

// Whether the pose may be used.
static const char *verdict(const Hfloc__V1__Localization *m, const char *boot) {
    if (!m->session_id || !protobuf_c_enum_descriptor_get_value(&hfloc__v1__state__descriptor, m->state))
        return "not used: of a version that this program does not know";
    if (m->state != HFLOC__V1__STATE__STATE_LOCALIZED) return "not used: not localized";
    const double age = age_ms(m);
    return strcmp(m->boot_id, boot) != 0 || age < 0 || age > maximum_age_ms ? "not used: stale" : "used";
}

// A frame in the map: x y z, w x y z.
static void print(const char *frame, const Hfloc__V1__Vector3 *p, const Hfloc__V1__Quaternion *q) {
    if (p && q)
        printf(", %s %.4f %.4f %.4f %.6f %.6f %.6f %.6f", frame, p->x, p->y, p->z, q->w, q->x, q->y, q->z);
}

int main(int count, char **arguments) {
    void *socket = zmq_socket(zmq_ctx_new(), ZMQ_SUB);
    // All before connect, or CONFLATE has no effect.
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        zmq_setsockopt(socket, options[i][0], &options[i][1], sizeof options[i][1]);
    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
    if (count < 2 || zmq_connect(socket, arguments[1]) != 0) return 64;
    char boot[64] = "";
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
    if (!file || fscanf(file, "%63s", boot) != 1) return 71;
    fclose(file);
    for (long left = count > 2 ? atol(arguments[2]) : -1; left != 0;) {
        uint8_t bytes[16384];
        const int size = zmq_recv(socket, bytes, sizeof bytes, 0);
        if (size < 0) {
            fprintf(stderr, "nothing for 3 s: hflocd is gone, or not there yet\n");
            continue;
        }
        Hfloc__V1__Localization *m = NULL;
        if (size <= (int)sizeof bytes) m = hfloc__v1__localization__unpack(NULL, (size_t)size, bytes);
        if (!m) continue;
        printf("%lu state %d", (unsigned long)m->sequence, m->state);
        // Absent, if the gates did not let it pass.
        if (m->pose) print(m->camera_frame, m->pose->position, m->pose->orientation);
        if (m->base_pose) print(m->base_frame, m->base_pose->position, m->base_pose->orientation);
        if (m->map_from_odom) print(m->odom_frame, m->map_from_odom->translation, m->map_from_odom->rotation);
        printf(", age %.1f ms, %s\n", age_ms(m), verdict(m, boot));
        fflush(stdout);
        hfloc__v1__localization__free_unpacked(m, NULL);
        --left;
    }
}
