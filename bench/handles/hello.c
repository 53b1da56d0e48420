/* The least that is a module: its size is that of the runtime. */
#include <hpy.h>

HPyDef_METH(hello, "hello", HPyFunc_NOARGS)
static HPy hello_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyUnicode_FromString(ctx, "hello");
}

static HPyDef *defines[] = {&hello, NULL};

static HPyModuleDef definition = {.doc = "Says hello.", .defines = defines};

HPy_MODINIT(hello, definition)
