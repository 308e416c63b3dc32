// Prints what hflocd publishes, and whether to use it: subscribe ENDPOINT [COUNT], as UseIt.md explains.
// tools/examples/build builds it.
#include <zmq.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>

#include "hfloc/v1/localization.pb.h"

static const int options[][2] = {{ZMQ_CONFLATE, 1}, {ZMQ_HEARTBEAT_IVL, 2000}, {ZMQ_HEARTBEAT_TIMEOUT, 6000},
                                 {ZMQ_RCVTIMEO, 3000}, {ZMQ_RECONNECT_IVL, 50}, {ZMQ_RECONNECT_IVL_MAX, 1000}};
static const double maximum_age_ms = 500;

// CLOCK_MONOTONIC, which stands for one machine and boot alone.
static double age_ms(const hfloc::v1::Localization &message) {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec * 1000000000L + now.tv_nsec -
                               static_cast<long>(message.capture_monotonic_ns())) * 1e-6;
}

// Whether the pose may be used.
static std::string verdict(const hfloc::v1::Localization &message, const std::string &boot) {
    if (!message.session_id() || !hfloc::v1::State_IsValid(message.state()))
        return "not used: of a version that this program does not know";
    if (message.state() != hfloc::v1::STATE_LOCALIZED) return "not used: " + message.reason();
    const double age = age_ms(message);
    return message.boot_id() != boot || age < 0 || age > maximum_age_ms ? "not used: stale" : "used";
}

// A frame in the map: x y z, w x y z. Absent, if the gates did not let it pass.
template <class P> static void print(const std::string &frame, const P &p, const hfloc::v1::Quaternion &q) {
    std::printf(", %s %.4f %.4f %.4f %.6f %.6f %.6f %.6f", frame.c_str(), p.x(), p.y(), p.z(), q.w(), q.x(), q.y(),
                q.z());
}

int main(int count, char **arguments) {
    void *socket = zmq_socket(zmq_ctx_new(), ZMQ_SUB);
    // All before connect, or CONFLATE has no effect.
    for (const auto &option : options) zmq_setsockopt(socket, option[0], &option[1], sizeof option[1]);
    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
    if (count < 2 || zmq_connect(socket, arguments[1]) != 0) return 64;
    std::string boot;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
    for (long left = count > 2 ? std::atol(arguments[2]) : -1; left != 0;) {
        char bytes[16384];
        const int size = zmq_recv(socket, bytes, sizeof bytes, 0);
        if (size < 0) {
            std::fprintf(stderr, "nothing for 3 s: hflocd is gone, or not there yet\n");
            continue;
        }
        hfloc::v1::Localization m;
        if (size > static_cast<int>(sizeof bytes) || !m.ParseFromArray(bytes, size)) continue;
        std::printf("%lu state %d", static_cast<unsigned long>(m.sequence()), m.state());
        if (m.has_pose()) print(m.camera_frame(), m.pose().position(), m.pose().orientation());
        if (m.has_base_pose()) print(m.base_frame(), m.base_pose().position(), m.base_pose().orientation());
        if (m.has_map_from_odom())
            print(m.odom_frame(), m.map_from_odom().translation(), m.map_from_odom().rotation());
        std::printf(", age %.1f ms, %s\n", age_ms(m), verdict(m, boot).c_str());
        std::fflush(stdout);
        --left;
    }
}
