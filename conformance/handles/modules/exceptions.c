/* Exceptions: raising, matching, taking, chaining, reporting; warnings. */
#include "conformance.h"

#include <errno.h>

CASE(HPyErr_SetString, 2)
{
    return HPyErr_SetString(ctx, a[0], text(ctx, a[1]));
}

CASE(HPyErr_SetFromErrnoWithFilename, 3)
{
    errno = small(ctx, a[1]);
    return HPyErr_SetFromErrnoWithFilename(ctx, a[0], text(ctx, a[2]));
}

CASE(HPyErr_SetFromErrnoWithFilenameObjects, 4)
{
    errno = small(ctx, a[1]);
    return HPyErr_SetFromErrnoWithFilenameObjects(ctx, a[0], a[2], a[3]);
}

/* Whether an exception is pending after a call, which is then cleared. */
CASE(HPyErr_Occurred, 1)
{
    HPy result = HPy_CallNoArgs(ctx, a[0]);
    int pending = HPyErr_Occurred(ctx);
    HPyErr_Clear(ctx);
    HPy_Close(ctx, result);
    return number(ctx, pending != 0 && !HPyErr_Occurred(ctx));
}

/* Whether the exception of a call matches. */
CASE(HPyErr_ExceptionMatches, 2)
{
    HPy result = HPy_CallNoArgs(ctx, a[0]);
    int matches = HPyErr_ExceptionMatches(ctx, a[1]);
    HPyErr_Clear(ctx);
    HPy_Close(ctx, result);
    return number(ctx, matches);
}

CASE(HPyErr_Clear, 0)
{
    (void)a;
    HPyErr_SetString(ctx, ctx->h_ValueError, "to be cleared");
    HPyErr_Clear(ctx);
    HPyErr_Clear(ctx);
    return number(ctx, HPyErr_Occurred(ctx));
}

CASE(HPyErr_NewException, 3)
{
    return HPyErr_NewException(ctx, text(ctx, a[0]), a[1], a[2]);
}

CASE(HPyErr_NewExceptionWithDoc, 4)
{
    return HPyErr_NewExceptionWithDoc(ctx, text(ctx, a[0]), text(ctx, a[1]), a[2], a[3]);
}

CASE(HPyErr_WarnEx, 3)
{
    return number(ctx, HPyErr_WarnEx(ctx, a[0], text(ctx, a[1]), size_of(ctx, a[2])));
}

/* Raises by calling, and reports what was raised. */
CASE(HPyErr_WriteUnraisable, 2)
{
    HPy result = HPy_CallNoArgs(ctx, a[0]);
    HPy_Close(ctx, result);
    HPyErr_WriteUnraisable(ctx, a[1]);
    return number(ctx, HPyErr_Occurred(ctx));
}

CASE(HPyErr_WriteUnraisableMessage, 3)
{
    const char *message = text(ctx, a[1]);
    HPy result = HPy_CallNoArgs(ctx, a[0]);
    HPy_Close(ctx, result);
    HPyErr_WriteUnraisableMessage(ctx, message, a[2]);
    return number(ctx, HPyErr_Occurred(ctx));
}

CASE(HPyErr_Print, 1)
{
    HPy result = HPy_CallNoArgs(ctx, a[0]);
    HPy_Close(ctx, result);
    HPyErr_Print(ctx);
    return number(ctx, HPyErr_Occurred(ctx));
}

/* The exception of a call, taken. */
CASE(HPyErr_GetRaisedException, 1)
{
    HPy result = HPy_CallNoArgs(ctx, a[0]);
    HPy exception = HPyErr_GetRaisedException(ctx);
    HPy_Close(ctx, result);
    if (HPyErr_Occurred(ctx)) {
        HPy_Close(ctx, exception);
        HPyErr_Clear(ctx);
        return HPyErr_SetString(ctx, ctx->h_AssertionError, "an exception is still pending");
    }
    return handed(ctx, exception);
}

CASE(HPyErr_SetRaisedException, 1)
{
    HPyErr_SetRaisedException(ctx, a[0]);
    return HPyErr_Occurred(ctx) ? HPy_NULL : none(ctx);
}

/* Sets one, and unsets it. */
CASE(unset_raised_exception, 1)
{
    HPyErr_SetRaisedException(ctx, a[0]);
    HPyErr_SetRaisedException(ctx, HPy_NULL);
    return number(ctx, HPyErr_Occurred(ctx));
}

/* Makes an exception the handled one for the time of a call. */
CASE(HPyErr_SetHandledException, 2)
{
    HPy before = HPyErr_GetHandledException(ctx);
    HPyErr_SetHandledException(ctx, a[0]);
    HPy result = HPyErr_Occurred(ctx) ? HPy_NULL : HPy_CallNoArgs(ctx, a[1]);
    HPyErr_SetHandledException(ctx, before);
    HPy_Close(ctx, before);
    return result;
}

#define CASES(X)                                                                                                             \
    X(OWN, HPyErr_SetString) X(OWN, HPyErr_SetFromErrnoWithFilename) X(OWN, HPyErr_SetFromErrnoWithFilenameObjects)          \
    X(OWN, HPyErr_Occurred) X(OWN, HPyErr_ExceptionMatches) X(OWN, HPyErr_Clear) X(OWN, HPyErr_NewException)                 \
    X(OWN, HPyErr_NewExceptionWithDoc) X(OWN, HPyErr_WarnEx) X(OWN, HPyErr_WriteUnraisable)                                  \
    X(OWN, HPyErr_WriteUnraisableMessage) X(OWN, HPyErr_Print) X(OWN, HPyErr_GetRaisedException)                             \
    X(OWN, HPyErr_SetRaisedException) X(OWN, unset_raised_exception) X(OWN, HPyErr_SetHandledException)                      \
    X(H2, HPyErr_SetObject) X(H0, HPyErr_NoMemory) X(H0, HPyErr_GetHandledException) X(N2, HPyErr_GivenExceptionMatches)     \
    X(H3, HPyErr_SetImportError) X(N0, HPyErr_CheckSignals) X(H1, HPyException_GetCause) X(N2, HPyException_SetCause)        \
    X(H1, HPyException_GetContext) X(N2, HPyException_SetContext) X(H1, HPyException_GetTraceback)                           \
    X(N2, HPyException_SetTraceback) X(N2, HPyException_AddNote)

CASES(DEFINE)
MODULE(cases_exceptions)
