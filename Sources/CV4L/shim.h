// The part of v4lconvert that hfloc uses.
#include <linux/videodev2.h>
#include <libv4lconvert.h>
