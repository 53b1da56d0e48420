/* A program that embeds Python, in the place of the interpreter's own: preloaded, it takes over before `main`.
 *
 * Arguments: how often Python is started and ended; how many interpreters are made and ended in each of these lives; the path of
 * code to run in each interpreter. `CARDAN_EMBED` in the environment has to be set. Prints what fails, and else `embedded`.
 *
 * Compiled without any header of Python, so that one file serves all of them. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int (*Main)(int, char **, char **);
typedef int (*Start)(Main, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);

static Main own_main;

/* `PyInterpreterConfig` and `PyStatus`, https://docs.python.org/3/c-api/init.html, as from 3.12 on. */
typedef struct {
    int use_main_obmalloc;
    int allow_fork;
    int allow_exec;
    int allow_threads;
    int allow_daemon_threads;
    int check_multi_interp_extensions;
    int gil;
    int more[8];
} Config;

typedef struct {
    int type;
    const char *function;
    const char *message;
    int code;
} Status;

#define FUNCTION(result, name, ...)                                                                                          \
    result (*name)(__VA_ARGS__) = (result(*)(__VA_ARGS__))dlsym(RTLD_DEFAULT, #name);                                        \
    if (name == NULL) {                                                                                                      \
        printf("there is no function %s\n", #name);                                                                          \
        return 1;                                                                                                            \
    }

static char *text_of(const char *path)
{
    static char text[1 << 16];
    FILE *file = fopen(path, "r");
    size_t length = file == NULL ? 0 : fread(text, 1, sizeof(text) - 1, file);
    text[length] = 0;
    if (file != NULL) {
        fclose(file);
    }
    return text;
}

static int embed(int count, char **arguments)
{
    FUNCTION(void, Py_InitializeEx, int)
    FUNCTION(int, Py_FinalizeEx, void)
    FUNCTION(int, PyRun_SimpleString, const char *)
    FUNCTION(void *, Py_NewInterpreter, void)
    FUNCTION(void, Py_EndInterpreter, void *)
    FUNCTION(void *, PyThreadState_Get, void)
    FUNCTION(void *, PyThreadState_Swap, void *)
    Status (*from_config)(void **, const Config *) =
        (Status(*)(void **, const Config *))dlsym(RTLD_DEFAULT, "Py_NewInterpreterFromConfig");
    if (count < 4) {
        printf("expected: LIVES INTERPRETERS CODE\n");
        return 1;
    }
    const char *code = text_of(arguments[3]);
    for (int life = 0; life < atoi(arguments[1]); life++) {
        Py_InitializeEx(0);
        if (PyRun_SimpleString(code) != 0) {
            return 1;
        }
        void *main_state = PyThreadState_Get();
        for (int number = 0; number < atoi(arguments[2]); number++) {
            void *state = NULL;
            if (from_config != NULL && number % 2 == 0) {
                Config config = {.allow_threads = 1, .check_multi_interp_extensions = 1, .gil = 2};
                Status status = from_config(&state, &config);
                if (status.type != 0) {
                    printf("no interpreter: %s\n", status.message);
                    return 1;
                }
            } else {
                state = Py_NewInterpreter();
            }
            if (state == NULL || PyRun_SimpleString(code) != 0) {
                return 1;
            }
            Py_EndInterpreter(state);
            PyThreadState_Swap(main_state);
            if (PyRun_SimpleString("check_again()") != 0) {
                return 1;
            }
        }
        if (Py_FinalizeEx() != 0) {
            return 1;
        }
    }
    printf("embedded\n");
    return 0;
}

static int main_of_embedding(int count, char **arguments, char **environment)
{
    if (getenv("CARDAN_EMBED") == NULL) {
        return own_main(count, arguments, environment);
    }
    int status = embed(count, arguments);
    fflush(stdout);
    return status;
}

int __libc_start_main(Main main, int count, char **arguments, void (*init)(void), void (*fini)(void), void (*at_exit)(void),
                      void *stack)
{
    Start start = (Start)dlsym(RTLD_NEXT, "__libc_start_main");
    own_main = main;
    return start(main_of_embedding, count, arguments, init, fini, at_exit, stack);
}
