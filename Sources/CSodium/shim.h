// The part of sodium that hfloc uses.
#include <sodium.h>
