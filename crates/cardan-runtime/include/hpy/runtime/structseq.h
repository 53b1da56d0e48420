/* A name of HPy's; everything is in hpy.h. */
#include "../../hpy.h"
