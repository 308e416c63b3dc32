// The part of yaml that hfloc uses.
#include <yaml.h>
