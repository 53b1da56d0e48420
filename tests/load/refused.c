/* A library that says it is a module for handles, with needs that no runtime fulfils: -DMAJOR, -DSIZE. */
#include <stddef.h>
#include <stdint.h>

#ifndef MAJOR
#define MAJOR 1
#endif

uint32_t get_required_hpy_major_version_refused(void) { return MAJOR; }
uint32_t get_required_hpy_minor_version_refused(void) { return 0; }
#ifdef SIZE
size_t get_required_hpy_context_size_refused(void) { return SIZE; }
#endif
void HPyInitGlobalContext_refused(void *context) { (void)context; }
void *HPyInit_refused(void) { return NULL; }
