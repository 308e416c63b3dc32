// Plays a drive into a v4l2loopback device: feed DEVICE FILE WIDTH HEIGHT RATE ROUNDS. The file holds YUYV frames.
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static int fail(const char *what) {
    perror(what);
    return 1;
}

int main(int count, char **arguments) {
    if (count != 7) return 64;
    unsigned width = (unsigned)atoi(arguments[3]), height = (unsigned)atoi(arguments[4]);
    long rate = atol(arguments[5]), rounds = atol(arguments[6]);
    size_t size = (size_t)width * height * 2;
    int device = open(arguments[1], O_RDWR);
    FILE *file = fopen(arguments[2], "rb");
    if (device < 0 || !file) return fail("open");
    fseek(file, 0, SEEK_END);
    size_t frames = (size_t)ftell(file) / size;
    rewind(file);
    // From memory, so that the disk does not set the pace.
    unsigned char *all = malloc(frames * size);
    if (!all || fread(all, size, frames, file) != frames) return fail("read");
    struct v4l2_format format = {.type = V4L2_BUF_TYPE_VIDEO_OUTPUT};
    format.fmt.pix = (struct v4l2_pix_format){.width = width,
                                              .height = height,
                                              .pixelformat = V4L2_PIX_FMT_YUYV,
                                              .field = V4L2_FIELD_NONE,
                                              .bytesperline = width * 2,
                                              .sizeimage = (unsigned)size};
    if (ioctl(device, VIDIOC_S_FMT, &format)) return fail("VIDIOC_S_FMT");
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    printf("feed: %zu frames\n", frames);
    fflush(stdout);
    for (size_t frame = 0; frame < frames * (size_t)rounds; frame++) {
        if (write(device, all + frame % frames * size, size) != (ssize_t)size) return fail("write");
        time.tv_nsec += 1000000000L / rate;
        if (time.tv_nsec >= 1000000000L) time.tv_nsec -= 1000000000L, time.tv_sec++;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
    }
    return 0;
}
