// A V4L2 capture device without a driver: this target's open, ioctl, mmap and close answer for one path, and pass everything else on.
//
// Two uses. Linked into a test, it is driven by the functions below. Built as a shared object and preloaded (LD_PRELOAD), it is driven by
// the environment:
//     FAKE_CAMERA         the path that it answers for (required)
//     FAKE_CAMERA_SIZE    WIDTHxHEIGHT (640x480)
//     FAKE_CAMERA_FORMAT  GREY, NV12, YU12, YUYV, UYVY or any other name (GREY)
//     FAKE_CAMERA_RATE    frames per second (30)
//     FAKE_CAMERA_FRAMES  file of grey frames, WIDTH x HEIGHT bytes each, served in turn (a pattern)
//     FAKE_CAMERA_FAULT   KIND@FRAME, KIND one of unplug, hang, silence: from this frame on; unplug lasts FAKE_CAMERA_AWAY ms (500)
//
// The device is a timerfd that ticks at the frame rate, so poll works. A tick fills one of the queued buffers, or drops a frame if there is none.
#ifndef CFAKECAMERA_H
#define CFAKECAMERA_H

#include <stdint.h>

// Sets the device up anew, plugged in. `format` is four characters.
void fake_camera_configure(const char *path, int width, int height, const char *format, int rate);
// What the driver's rows are padded to: bytes beyond the pixels of each row.
void fake_camera_pad_rows(int bytes);
// The device vanishes (ENODEV, and then ENOENT from open), and returns.
void fake_camera_unplug(void);
void fake_camera_plug(void);
// The next `count` frames bear V4L2_BUF_FLAG_ERROR, or are cut to half their length.
void fake_camera_flag(int count);
void fake_camera_cut(int count);
// The sequence jumps over `count` frames.
void fake_camera_drop(int count);
// The camera delivers nothing any more (1), and again (0).
void fake_camera_silence(int silent);
// How often the device was opened.
int fake_camera_opened(void);
// The intensity of the pattern that frames show.
uint8_t fake_camera_pattern(int x, int y, uint32_t sequence);

#endif
