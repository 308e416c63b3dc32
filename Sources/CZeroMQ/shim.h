// The part of zmq that hfloc uses.
#include <zmq.h>
