/* Cardan's hpy.h: the handle API for C and C++.
 *
 * Code reaches Python objects through handles (`HPy`) and an explicit context (`HPyContext *`): nothing is borrowed, and no
 * reference count is seen. A handle that a function returns belongs to the caller, who closes it with `HPy_Close`; a handle
 * that is passed in stays the caller's. The API carries on HPy's: code for HPy 0.9 compiles unchanged. A module that is
 * compiled against this header runs on every Python that Cardan knows. */
#ifndef HPy_H
#define HPy_H

#include "hpy/platform.h"
#include "hpy/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#include "hpy/generated/signatures.h"
#include "hpy/generated/slots.h"
#include "hpy/definitions.h"
#include "hpy/type.h"
#include "hpy/module.h"
#include "hpy/generated/context.h"
#include "hpy/calls.h"
#include "hpy/runtime_functions.h"
#include "hpy/trampolines.h"
#include "hpy/helpers.h"

#ifdef __cplusplus
}
#endif

#endif
