
/* comments and indentation that browsers do not load */

#include "social_asset.h"
#include "social_asset_compact.h"
#include "unit.h"


static void
check(const char *text, int script, const char *want)
{
    char          out[256];
    size_t        n;
    social_str_t  in;

    in.data = (const unsigned char *) text;
    in.len = strlen(text);

    n = social_asset_compact(in, script, (unsigned char *) out);
    out[n] = '\0';

    is_str(out, want, text);
}


/* a line break in a string would lose the blanks behind it */

static void
check_strings(const social_asset_t *asset)
{
    int                   open, breaks;
    const unsigned char  *p;

    open = 0;
    breaks = 0;

    for (p = asset->data; p < asset->end; p++) {
        if (*p == '`') {
            open = !open;

        } else if (*p == '\n' && open) {
            breaks++;
        }
    }

    ok(!open && !breaks, "%s: no line break in a template string",
       asset->name);
}


int
main(void)
{
    unsigned               i;
    const social_asset_t  *asset;

    check("", 1, "");
    check("a\n  b\n", 1, "a\nb\n");
    check("a\n\n\n\tb", 1, "a\nb");
    check("/* one */a", 0, "a");
    check("/* one\n * two */\na {\n  b: c;\n}\n", 0, "a {\nb: c;\n}\n");
    check("// one\na // two\n", 1, "a // two\n");
    check("// one\na\n", 0, "// one\na\n");
    check("a = '/* no comment */';\n", 1, "a = '/* no comment */';\n");
    check("/* never closed", 1, "");
    check("/", 1, "/");
    check("a\n  /", 1, "a\n/");

    for (i = 0; (asset = social_asset_at(i)) != NULL; i++) {
        if (asset->kind == SOCIAL_ASSET_CSS || asset->kind == SOCIAL_ASSET_JS)
        {
            check_strings(asset);
        }
    }

    return done();
}
