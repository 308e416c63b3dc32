#if __has_include(<dds/dds.h>)
#include <dds/dds.h>
#else
#error "Cyclone DDS is missing: apt-get install cyclonedds-dev. Without it: swift build --product hfloc-mavlink"
#endif
