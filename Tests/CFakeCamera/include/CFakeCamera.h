// A V4L2 capture device without a driver: this target's open, ioctl, mmap and close answer for one path, and pass
// everything else on.
//
// Two uses. Linked into a test, it is driven by the functions below. Built as a shared object and preloaded
// (LD_PRELOAD), it is driven by the environment:
//     FAKE_CAMERA         the path that it answers for (required)
//     FAKE_CAMERA_SIZE    WIDTHxHEIGHT (640x480)
//     FAKE_CAMERA_FORMAT  GREY, NV12, YU12, YUYV, UYVY, MJPG or any other name (GREY)
//     FAKE_CAMERA_MPLANE  1: the device is multi-planar
//     FAKE_CAMERA_CROP    1: the device can cut out a part, to the pixel
//     FAKE_CAMERA_RATE    frames per second (30)
//     FAKE_CAMERA_FRAMES  file of grey frames, WIDTH x HEIGHT bytes each, served in turn (a pattern); for MJPG, of
//                         images, each behind its length as 4 bytes, the lowest first (required)
//     FAKE_CAMERA_LATE    ms after the program's start, at which the camera is plugged in (0)
//     FAKE_CAMERA_FAULT   KIND@FRAME, KIND one of unplug, hang, silence, stall, error, flag, cut: from this frame on;
//                         unplug lasts FAKE_CAMERA_AWAY ms (500), stall until streaming is started anew, error until
//                         the device is opened anew, flag and cut five frames
//     FAKE_CAMERA_EVERY   after a fault, the next of flag, cut, error, stall and unplug so many frames later, for ever
//     FAKE_CAMERA_WRITER  the device is a v4l2loopback whose writer comes so many ms after the program's start
//
// The device is a timerfd that ticks at the frame rate, so poll works. A tick fills one of the queued buffers, or drops
// a frame if there is none.
#ifndef CFAKECAMERA_H
#define CFAKECAMERA_H

#include <stdint.h>

// Sets the device up anew, plugged in. `format` is a name as v4l2-ctl prints it: four characters, or seven with "-BE".
void fake_camera_configure(const char *path, int width, int height, const char *format, int rate);
// The driver's name ("fake").
void fake_camera_driver(const char *name);
// What the driver's rows are padded to: bytes beyond the pixels of each row.
void fake_camera_pad_rows(int bytes);
// The device speaks the multi-planar interface; its frames begin `offset` bytes into their buffers.
void fake_camera_multiplanar(int offset);
// The device can cut out a part: corners and sizes are multiples of `grain`; 0: it cannot.
void fake_camera_crops(int grain);
// The part that it cuts out at present.
void fake_camera_part(int *x, int *y, int *width, int *height);
// The frames of format MJPG.
void fake_camera_jpeg(const uint8_t *bytes, int count);
// It lists a second format, and has its rate set; otherwise it has one of each, and keeps to them.
void fake_camera_offers(const char *format);
// The format and the rate that it has at present; the format by its code, with bit 31 for "-BE".
void fake_camera_state(uint32_t *format, int *rate);
// The flags of V4L2_BUF_FLAG_TIMESTAMP_MASK and V4L2_BUF_FLAG_TSTAMP_SRC_MASK (monotonic, end of frame); and what is
// added to the stamp.
void fake_camera_clock(uint32_t flags, int64_t offset_ns);
// The value of a control: "auto_exposure" (1 is manual), "exposure_time_absolute" (1...5000; settable with manual
// exposure only), "exposure_dynamic_framerate", "focus_automatic_continuous", "focus_absolute" (0...250 in steps of 5;
// settable without autofocus only), "brightness" (-64...64), "privacy" (read only). All return to their defaults when
// the device is unplugged. INT32_MIN: there is none.
int32_t fake_camera_control(const char *name);
// The device vanishes (ENODEV, and then ENOENT from open), and returns.
void fake_camera_unplug(void);
void fake_camera_plug(void);
// The next `count` frames bear V4L2_BUF_FLAG_ERROR, or are cut to half their length.
void fake_camera_flag(int count);
void fake_camera_cut(int count);
// The sequence jumps over `count` frames.
void fake_camera_drop(int count);
// The camera delivers nothing any more (1), and again (0); or nothing until streaming is started anew (2).
void fake_camera_silence(int silent);
// VIDIOC_DQBUF fails with this errno until the device is opened anew.
void fake_camera_fail(int code);
// The device is a v4l2loopback that nobody feeds: 1: it lists no format; 2: nor is it a capture device
// (exclusive_caps=1); 0: it is fed.
void fake_camera_unfed(int how);
// How often the device was opened, and how often streaming was started.
int fake_camera_opened(void);
int fake_camera_started(void);
// What drawing frames has taken, which a driver would not take: nanoseconds.
uint64_t fake_camera_drawing_ns(void);
// Buffers that the device has to fill.
int fake_camera_queued(void);
// The intensity of the pattern that frames show.
uint8_t fake_camera_pattern(int x, int y, uint32_t sequence);

#endif
