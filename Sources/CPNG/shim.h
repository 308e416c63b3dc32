// The part of png that hfloc uses.
#include <png.h>
