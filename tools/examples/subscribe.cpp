// Prints one line per pose that hflocd publishes: the C++ side of tools/examples/subscribe.py, with the same socket
// options.
// Build with tools/examples/build (needs g++, libzmq3-dev, libprotobuf-dev, protobuf-compiler), then:
//   subscribe ipc:///run/hfloc/cam0/localization [COUNT [SERVER.public CLIENT.secret]]
#include <zmq.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>

#include "hfloc/v1/localization.pb.h"

namespace {

[[noreturn]] void fail(const std::string &what) {
    std::fprintf(stderr, "subscribe: %s: %s\n", what.c_str(), zmq_strerror(zmq_errno()));
    std::exit(69);
}

void set(void *socket, int option, int value) {
    if (zmq_setsockopt(socket, option, &value, sizeof value) != 0) fail("an option of the socket");
}

// A key of `hfloc keys generate`: 40 characters of Z85.
std::string key(const char *path) {
    std::ifstream file(path);
    std::string text;
    if (!(file >> text)) fail(path);
    return text;
}

// An endpoint beyond the machine: the daemon's public key, and this program's own pair.
void encrypt(void *socket, const char *server, const char *secret) {
    const std::string server_key = key(server), secret_key = key(secret);
    char public_key[41];
    if (zmq_curve_public(public_key, secret_key.c_str()) != 0) fail(secret);
    if (zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server_key.c_str(), 40) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, public_key, 40) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret_key.c_str(), 40) != 0)
        fail("the keys");
}

std::uint64_t monotonic_ns() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * 1000000000u + static_cast<std::uint64_t>(time.tv_nsec);
}

void print(const hfloc::v1::Vector3 &p, const hfloc::v1::Quaternion &q) {
    std::printf(" %.4f %.4f %.4f %.6f %.6f %.6f %.6f", p.x(), p.y(), p.z(), q.w(), q.x(), q.y(), q.z());
}

void print(const hfloc::v1::Localization &message) {
    std::printf("%llu %s", static_cast<unsigned long long>(message.sequence()),
                hfloc::v1::State_Name(message.state()).c_str() + 6);
    // Absent unless the gates let it pass: never use a pose that is not there.
    if (message.has_pose()) print(message.pose().position(), message.pose().orientation());
    // The vehicle, if the configuration says where the camera sits on it.
    if (message.has_base_pose()) {
        std::printf(" %s", message.base_frame().c_str());
        print(message.base_pose().position(), message.base_pose().orientation());
    }
    // With odometry: what a transform tree gets, in place of the two above (REP-105).
    if (message.has_map_from_odom()) {
        std::printf(" %s", message.odom_frame().c_str());
        print(message.map_from_odom().translation(), message.map_from_odom().rotation());
    }
    // The capture stamp is this machine's CLOCK_MONOTONIC: what the pose's age is, here and now.
    if (message.capture_monotonic_ns() > 0)
        std::printf(" age %.1f ms", static_cast<double>(monotonic_ns() - message.capture_monotonic_ns()) * 1e-6);
    std::printf("%s\n", message.retained() ? " retained" : "");
    std::fflush(stdout);
}

}  // namespace

int main(int count, char **arguments) {
    if (count < 2 || count == 4 || count > 5) {
        std::fprintf(stderr, "usage: subscribe ENDPOINT [COUNT [SERVER.public CLIENT.secret]]\n");
        return 64;
    }
    const std::unique_ptr<void, int (*)(void *)> context(zmq_ctx_new(), zmq_ctx_term);
    const std::unique_ptr<void, int (*)(void *)> socket(zmq_socket(context.get(), ZMQ_SUB), zmq_close);
    if (!socket) fail("a socket");
    // Before connect. Only the newest message is kept: who was busy reads a fresh pose next, and no stale one.
    set(socket.get(), ZMQ_CONFLATE, 1);
    // A daemon that went without a word (power, cable) is noticed, and connected to again when it is back.
    set(socket.get(), ZMQ_HEARTBEAT_IVL, 2000);
    set(socket.get(), ZMQ_HEARTBEAT_TIMEOUT, 6000);
    set(socket.get(), ZMQ_RECONNECT_IVL, 50);
    set(socket.get(), ZMQ_RECONNECT_IVL_MAX, 1000);
    // Each frame gives a message, and without frames each second: silence means that the daemon is gone.
    set(socket.get(), ZMQ_RCVTIMEO, 3000);
    set(socket.get(), ZMQ_LINGER, 0);
    if (zmq_setsockopt(socket.get(), ZMQ_SUBSCRIBE, "", 0) != 0) fail("the subscription");
    if (count == 5) encrypt(socket.get(), arguments[3], arguments[4]);
    if (zmq_connect(socket.get(), arguments[1]) != 0) fail(arguments[1]);

    long left = count > 2 ? std::atol(arguments[2]) : -1;
    hfloc::v1::Localization message;
    while (left != 0) {
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        const int size = zmq_msg_recv(&frame, socket.get(), 0);
        if (size < 0 && zmq_errno() == EAGAIN) {
            std::fprintf(stderr, "subscribe: nothing for 3 s: the daemon is gone, or not there yet\n");
        } else if (size < 0 && zmq_errno() != EINTR) {
            fail(arguments[1]);
        } else if (size >= 0 && message.ParseFromArray(zmq_msg_data(&frame), size)) {
            print(message);
            if (left > 0) --left;
        }
        zmq_msg_close(&frame);
    }
    return 0;
}
