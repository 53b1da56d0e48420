/* Python.h has all of it; this name is for code that includes the parts. */
#include "Python.h"
