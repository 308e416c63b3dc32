// The part of turbojpeg that hfloc uses.
#include <turbojpeg.h>
