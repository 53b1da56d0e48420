#ifndef CARDAN_HPY_RUNTIME_FUNCTIONS_H
#define CARDAN_HPY_RUNTIME_FUNCTIONS_H

typedef struct {
    const char *name;
    const char *doc;
} HPyStructSequence_Field;

typedef struct {
    const char *name;
    const char *doc;
    HPyStructSequence_Field *fields;
} HPyStructSequence_Desc;

_HPy_HIDDEN cpy_PyObject *cardan_handle_module(const HPyModuleEntry *entry);

_HPy_HIDDEN int cardan_HPyArg_Parse(
    HPyContext *ctx, HPyTracker *ht, const HPy *args, size_t nargs, const char *fmt, va_list *arguments);
_HPy_HIDDEN int cardan_HPyArg_ParseKeywords(
    HPyContext *ctx, HPyTracker *ht, const HPy *args, size_t nargs, HPy kwnames, const char *fmt,
    const char *const *keywords, va_list *arguments);
_HPy_HIDDEN int cardan_HPyArg_ParseKeywordsDict(
    HPyContext *ctx, HPyTracker *ht, const HPy *args, HPy_ssize_t nargs, HPy kw, const char *fmt,
    const char *const *keywords, va_list *arguments);
_HPy_HIDDEN HPy cardan_HPy_BuildValue(HPyContext *ctx, const char *fmt, va_list *arguments);
_HPy_HIDDEN HPy cardan_HPyUnicode_FromFormat(HPyContext *ctx, const char *fmt, va_list *arguments);
_HPy_HIDDEN HPy cardan_HPyErr_Format(HPyContext *ctx, HPy h_type, const char *fmt, va_list *arguments);

_HPy_HIDDEN HPy cardan_HPyStructSequence_NewType(HPyContext *ctx, const HPyStructSequence_Desc *desc);
_HPy_HIDDEN HPy cardan_HPyStructSequence_New(HPyContext *ctx, HPy type, HPy_ssize_t nargs, const HPy *args);

_HPy_HIDDEN int cardan_HPyHelpers_AddType(
    HPyContext *ctx, HPy obj, const char *name, HPyType_Spec *spec, HPyType_SpecParam *params);
_HPy_HIDDEN int cardan_HPyHelpers_PackArgsAndKeywords(
    HPyContext *ctx, const HPy *args, size_t nargs, HPy kwnames, HPy *out_args_tuple, HPy *out_kwd);

#endif
