/* A program that loads a Python which no other library sees, as programs with plug-ins do, and runs code in it:
 * embed LIBRARY HOME CODE */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

int
main(int count, char **words)
{
    if (count != 4) {
        return 2;
    }
    setenv("PYTHONHOME", words[2], 1);
    void *python = dlopen(words[1], RTLD_NOW | RTLD_LOCAL);
    if (python == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 3;
    }
    void (*initialize)(int) = (void (*)(int))dlsym(python, "Py_InitializeEx");
    int (*run)(const char *) = (int (*)(const char *))dlsym(python, "PyRun_SimpleString");
    int (*finalize)(void) = (int (*)(void))dlsym(python, "Py_FinalizeEx");
    if (initialize == NULL || run == NULL || finalize == NULL) {
        return 4;
    }
    initialize(0);
    int failed = run(words[3]) != 0;
    return finalize() < 0 ? 5 : failed;
}
