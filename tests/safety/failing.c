/* An allocator that fails one allocation: preloaded, it takes the place of malloc, calloc and realloc. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

/* Which allocation from now on fails, counted down, 0 for none; how many have failed; how many blocks there are more than at
 * the start. Variables, since a call of a function from Python allocates. */
__attribute__((visibility("default"))) long failing_next;
__attribute__((visibility("default"))) long failing_count;
__attribute__((visibility("default"))) long failing_blocks;

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void (*real_free)(void *);

/* What is asked for while the real functions are looked up. */
static char first[65536];
static size_t used;

static void *early(size_t size)
{
    size_t start = (used + 15) & ~(size_t)15;
    if (start + size > sizeof(first))
        return NULL;
    used = start + size;
    return first + start;
}

static int is_early(const void *memory)
{
    return (const char *)memory >= first && (const char *)memory < first + sizeof(first);
}

static void look_up(void)
{
    static int looking;
    if (real_malloc || looking)
        return;
    looking = 1;
    real_calloc = dlsym(RTLD_NEXT, "calloc");
    real_realloc = dlsym(RTLD_NEXT, "realloc");
    real_free = dlsym(RTLD_NEXT, "free");
    real_malloc = dlsym(RTLD_NEXT, "malloc");
}

static int fails(void)
{
    if (failing_next == 0 || --failing_next != 0)
        return 0;
    failing_count++;
    errno = ENOMEM;
    return 1;
}

static void *counted(void *memory)
{
    if (memory)
        failing_blocks++;
    return memory;
}

void *malloc(size_t size)
{
    look_up();
    if (!real_malloc)
        return early(size);
    return fails() ? NULL : counted(real_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    look_up();
    if (!real_calloc)
        return early(count * size);
    return fails() ? NULL : counted(real_calloc(count, size));
}

void *realloc(void *memory, size_t size)
{
    look_up();
    if (fails())
        return NULL;
    if (!is_early(memory)) {
        void *moved = real_realloc(memory, size);
        return memory ? moved : counted(moved);
    }
    void *copy = counted(real_malloc(size));
    size_t there = (size_t)(first + sizeof(first) - (char *)memory);
    if (copy)
        memcpy(copy, memory, size < there ? size : there);
    return copy;
}

void free(void *memory)
{
    if (!memory || is_early(memory))
        return;
    failing_blocks--;
    real_free(memory);
}
