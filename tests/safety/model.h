/* Random calls of the context, each checked against a model in C: what the calls share. */
#ifndef MODEL_H
#define MODEL_H

#include <hpy.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum kind { EMPTY, INT, FLOAT, STR, BYTES, LIST, TUPLE, DICT, SET, OWN, KINDS };

enum { POOL = 48, TEXT = 24, ITEMS = 16, KEYS = 32, GLOBALS = 4 };

/* An object, and what it is to be. Containers hold ints. */
typedef struct {
    enum kind kind;
    HPy h;
    union {
        int64_t number;
        double real;
        struct { int length; HPy_UCS4 characters[TEXT]; } text;
        struct { int length; unsigned char data[TEXT]; } bytes;
        struct { int length; int64_t items[ITEMS]; } list;
        struct { uint32_t present; int64_t values[KEYS]; } dict;
        uint64_t set; /* the ints 0 to 63 that are in it */
        struct { int64_t number; int64_t field; bool has_field; } own;
    } is;
} Entry;

typedef struct {
    HPyContext *ctx;
    uint64_t random;
    uint64_t calls;
    bool cycles; /* whether objects may refer to themselves */
    const char *last; /* the call that was made last, as it is written */
    char problem[400];
    Entry pool[POOL];
    int64_t globals[GLOBALS];
    bool has_global[GLOBALS];
    HPy variable; /* a context variable */
    int64_t variable_is;
} Run;

/* Makes a call of the context and counts it. */
#define CALL(expression) (run->calls++, run->last = #expression, (expression))

/* Ends an operation that did not do what the model says. */
#define EXPECT(condition)                                                                                                    \
    do {                                                                                                                     \
        if (!(condition))                                                                                                    \
            return fail(run, __FILE__, __LINE__, #condition);                                                                \
    } while (0)

bool fail(Run *run, const char *file, int line, const char *condition);

/* A number below a bound. */
uint64_t below(Run *run, uint64_t bound);

/* An int, sometimes a large one. */
int64_t any_number(Run *run);

/* Whether an exception of a class is pending, which is cleared. */
bool raised(Run *run, HPy type);

/* Whether a handle is an int of a value. It is closed. */
bool is_number(Run *run, HPy h, int64_t value);

/* A random entry of a kind, or NULL; a place for a new object, whose old one is closed. */
Entry *any(Run *run, enum kind kind);
Entry *place(Run *run);

/* Whether an object is what its entry says. */
bool verify(Run *run, Entry *entry);

/* An operation: false if something was not as it should be. */
typedef bool (*Operation)(Run *run);

extern const Operation value_operations[], container_operations[], other_operations[];
extern const int value_count, container_count, other_count;

/* In model.c: the type of the kind OWN. */
bool verify_own(Run *run, Entry *entry);

#endif
