/* A module that tells which names it cannot be given on the running host, one a line, and ends the process.
 *
 * It is linked with every member of the import library and enters the runtime once for each record, as the entry of a
 * module does for all of them. The layouts are those of `bind::Record` and `entry::ModuleEntry`. */
#include <Python.h>
#include <unistd.h>

struct record {
    const char *name;
    void **slot;
    const void *polyfill;
    const void *thunk;
    uint32_t kind;
    uint32_t stub_on;
};

struct entry {
    const char *name;
    PyObject *(*initialise)(void);
    const struct record *first;
    const struct record *end;
};

CARDAN_BEGIN
extern const struct record __start_cdn_imports[] CARDAN_HIDDEN;
extern const struct record __stop_cdn_imports[] CARDAN_HIDDEN;
CARDAN_HIDDEN PyObject *cardan_enter(const struct entry *entry);
CARDAN_END

static PyObject bound;

static PyObject *
initialise(void)
{
    return &bound;
}

static int
can_be_bound(const struct record *record)
{
    struct entry entry = { "probe", initialise, record, record + 1 };
    return cardan_enter(&entry) != NULL;
}

PyMODINIT_FUNC
PyInit_probe(void)
{
    const struct record *record;
    /* What clears an error has to be there before the first name is missing. */
    for (record = __start_cdn_imports; record < __stop_cdn_imports; record++) {
        if (strcmp(record->name, "PyErr_Clear") == 0 && !can_be_bound(record)) {
            return NULL;
        }
    }
    for (record = __start_cdn_imports; record < __stop_cdn_imports; record++) {
        if (!can_be_bound(record)) {
            PyErr_Clear();
            printf("missing %s\n", record->name);
        }
    }
    printf("end\n");
    fflush(stdout);
    _exit(0);
}
