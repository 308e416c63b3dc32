// Prints what hflocd publishes, and whether to use it: subscribe ENDPOINT, as UseIt.md explains.
#include <time.h>
#include <zmq.h>

#include <fstream>
#include <iostream>

#include "hfloc/v1/localization.pb.h"

static const int options[][2] = {{ZMQ_CONFLATE, 1}, {ZMQ_HEARTBEAT_IVL, 2000}, {ZMQ_HEARTBEAT_TIMEOUT, 6000},
                                 {ZMQ_RCVTIMEO, 3000}, {ZMQ_RECONNECT_IVL, 50}, {ZMQ_RECONNECT_IVL_MAX, 1000}};

// Whether the pose may be used. Its age is by CLOCK_MONOTONIC, which stands for one machine and boot alone.
static std::string verdict(const hfloc::v1::Localization &m, const std::string &boot, double age_ms) {
    if (m.protocol_version() != 1) return "not used: of a version that this program does not know";
    if (m.state() != hfloc::v1::STATE_LOCALIZED) return "not used: " + m.reason();
    return m.boot_id() != boot || age_ms < 0 || age_ms > 500 ? "not used: stale" : "used";
}

// A frame in the map: x y z, w x y z.
template <class P> static void print(const std::string &frame, const P &p, const hfloc::v1::Quaternion &q) {
    std::cout << ", " << frame << " " << p.x() << " " << p.y() << " " << p.z() << " " << q.w() << " " << q.x() << " "
              << q.y() << " " << q.z();
}

int main(int count, char **arguments) {
    void *socket = zmq_socket(zmq_ctx_new(), ZMQ_SUB);
    for (const auto &option : options) zmq_setsockopt(socket, option[0], &option[1], sizeof option[1]);
    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
    if (count < 2 || zmq_connect(socket, arguments[1]) != 0) return 64;
    std::string boot;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
    for (char bytes[16384];;) {
        const int size = zmq_recv(socket, bytes, sizeof bytes, 0);
        hfloc::v1::Localization m;
        if (size < 0) std::cerr << "nothing for 3 s: hflocd is gone, or not there yet\n";
        if (size < 0 || size > int(sizeof bytes) || !m.ParseFromArray(bytes, size)) continue;
        std::cout << m.sequence() << " state " << m.state();
        if (m.has_pose()) print(m.camera_frame(), m.pose().position(), m.pose().orientation());
        if (m.has_base_pose()) print(m.base_frame(), m.base_pose().position(), m.base_pose().orientation());
        timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        const double age_ms = now.tv_sec * 1e3 + now.tv_nsec * 1e-6 - double(m.capture_monotonic_ns()) * 1e-6;
        std::cout << ", age " << age_ms << " ms, " << verdict(m, boot, age_ms) << std::endl;
    }
}
