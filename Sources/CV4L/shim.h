// The part of v4lconvert that hfloc uses.
#include <linux/videodev2.h>
#include <libv4l-plugin.h>
#include <libv4lconvert.h>
#include <stddef.h>
#include <sys/ioctl.h>

static inline int hf_v4l_ioctl(void *unused, int descriptor, unsigned long request, void *argument) {
    (void)unused;
    return ioctl(descriptor, request, argument);
}

// v4lconvert_create makes raw system calls, which a camera in the process (a test's) would not hear.
static inline struct v4lconvert_data *hf_v4lconvert_create(int descriptor) {
    static const struct libv4l_dev_ops operations = {.ioctl = hf_v4l_ioctl};
    return v4lconvert_create_with_dev_ops(descriptor, NULL, &operations);
}
