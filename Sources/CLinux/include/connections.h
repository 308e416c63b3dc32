// Descriptors, and connections that take them. ZeroMQ knows no bound for the number of connections, and its ipc
// listener aborts the program when there is no descriptor for one more. So the program's own accept(2) and accept4(2),
// which the library then calls, turn connections away: those of a listener whose gate is closed, and any whose
// descriptor would be one of the last. What is connected already stays connected, which it would not if the endpoint
// were unbound.
#ifndef CLINUX_CONNECTIONS_H
#define CLINUX_CONNECTIONS_H

#include <stdint.h>

// Raises the limit of descriptors as far as this user may; the limit that is then in force.
uint64_t hf_raise_descriptor_limit(void);
// How many descriptors can be had, at most so many: tried.
int hf_free_descriptors(int most);
// Connections get no descriptor from this one on: what is left is for files.
void hf_reserve_descriptors(int first);
// Closes or opens the gate of a listening socket. Of any thread.
void hf_gate_listener(int listener, int is_closed);
// Connections of it that were turned away.
uint32_t hf_turned_away(int listener);

#endif
