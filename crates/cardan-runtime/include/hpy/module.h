/* Module definitions and the entry points of a module's file. Part of hpy.h. */
#ifndef CARDAN_HPY_MODULE_H
#define CARDAN_HPY_MODULE_H

typedef struct {
    const char *doc;                 /* UTF-8, or NULL */
    HPy_ssize_t size;                /* bytes of the module's state, which starts as zeros; 0 for none */
    cpy_PyMethodDef *legacy_methods; /* functions that use Python.h, or NULL */
    HPyDef **defines;                /* methods and slots, ended by NULL, or NULL */
    HPyGlobal **globals;             /* the module's globals, ended by NULL, or NULL */
} HPyModuleDef;

/* What an entry point tells the runtime. It lives as long as the module's file is loaded. */
typedef struct {
    const char *name;    /* the module's name without packages */
    uint32_t abi_major;
    uint32_t abi_minor;
    size_t context_size; /* bytes of the context that the module was compiled for */
    HPyModuleDef *(*init)(void);
    void (*set_context)(HPyContext *ctx);
} HPyModuleEntry;

/* The entry, and the definition for what looks at the file without running it. It has a section of its own to be found. */
typedef struct {
    HPyModuleEntry entry;
    HPyModuleDef *definition;
} _HPyModuleRecord;

/* The context that trampolines use. Each module's file has its own. Where several modules are in one file, each is written
 * in one source file, which says `HPY_MOD_EMBEDDABLE(name)` before its first definition. */
#ifdef HPY_EMBEDDED_MODULES
#define _HPy_CTX_MODIFIER static
#define HPY_MOD_EMBEDDABLE(modname) _HPy_CTX_MODIFIER HPyContext *_ctx_for_trampolines;
#else
#define _HPy_CTX_MODIFIER _HPy_HIDDEN
#define HPY_MOD_EMBEDDABLE(modname)
extern _HPy_HIDDEN HPyContext *_ctx_for_trampolines;
#endif

/* `HPy_MODINIT(name, definition)` defines the entry points of the module: those of HPy, and `PyInit_name`, which any Python
 * finds. */
#define HPy_MODINIT(ext_name, mod_def)                                                                                       \
    _HPy_MODINIT_CONTEXT                                                                                                     \
    HPy_EXPORTED_FUNC uint32_t get_required_hpy_major_version_##ext_name(void);                                              \
    uint32_t get_required_hpy_major_version_##ext_name(void)                                                                 \
    {                                                                                                                        \
        return HPY_ABI_VERSION;                                                                                              \
    }                                                                                                                        \
    HPy_EXPORTED_FUNC uint32_t get_required_hpy_minor_version_##ext_name(void);                                              \
    uint32_t get_required_hpy_minor_version_##ext_name(void)                                                                 \
    {                                                                                                                        \
        return HPY_ABI_VERSION_MINOR;                                                                                        \
    }                                                                                                                        \
    HPy_EXPORTED_FUNC size_t get_required_hpy_context_size_##ext_name(void);                                                 \
    size_t get_required_hpy_context_size_##ext_name(void)                                                                    \
    {                                                                                                                        \
        return sizeof(HPyContext);                                                                                           \
    }                                                                                                                        \
    HPy_EXPORTED_FUNC void HPyInitGlobalContext_##ext_name(HPyContext *ctx);                                                 \
    void HPyInitGlobalContext_##ext_name(HPyContext *ctx)                                                                    \
    {                                                                                                                        \
        _ctx_for_trampolines = ctx;                                                                                          \
    }                                                                                                                        \
    HPy_EXPORTED_FUNC HPyModuleDef *HPyInit_##ext_name(void);                                                                \
    HPyModuleDef *HPyInit_##ext_name(void)                                                                                   \
    {                                                                                                                        \
        return &mod_def;                                                                                                     \
    }                                                                                                                        \
    HPy_EXPORTED_FUNC cpy_PyObject *PyInit_##ext_name(void);                                                                 \
    cpy_PyObject *PyInit_##ext_name(void)                                                                                    \
    {                                                                                                                        \
        static const _HPyModuleRecord record _HPy_IN_SECTION("cdn_handles") = {{#ext_name,                                   \
                                                                                HPY_ABI_VERSION,                             \
                                                                                HPY_ABI_VERSION_MINOR,                       \
                                                                                sizeof(HPyContext),                          \
                                                                                HPyInit_##ext_name,                          \
                                                                                HPyInitGlobalContext_##ext_name},            \
                                                                               &mod_def};                                    \
        return cardan_handle_module(&record.entry);                                                                          \
    }

#ifdef HPY_EMBEDDED_MODULES
#define _HPy_MODINIT_CONTEXT
#else
#define _HPy_MODINIT_CONTEXT HPyContext *_ctx_for_trampolines;
#endif

#endif
