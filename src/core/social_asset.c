
/*
 * Embeds the files of src/assets.  The assembler reads them, so no code is
 * generated, in nginx's own build as in ours.  To add a file, add a row here.
 * Constant data, any thread.
 */

#include "social_asset.h"


#define social_asset_embed(symbol, file)                                      \
    __asm__(".pushsection .rodata\n"                                          \
            ".balign 16\n"                                                    \
            ".hidden social_asset_" #symbol "\n"                              \
            ".globl social_asset_" #symbol "\n"                               \
            "social_asset_" #symbol ":\n"                                     \
            ".incbin \"assets/" file "\"\n"                                   \
            ".hidden social_asset_" #symbol "_end\n"                          \
            ".globl social_asset_" #symbol "_end\n"                           \
            "social_asset_" #symbol "_end:\n"                                 \
            ".byte 0\n"                                                       \
            ".popsection\n");                                                 \
    extern __attribute__((visibility("hidden")))                              \
        const unsigned char  social_asset_##symbol[],                         \
                             social_asset_##symbol##_end[]


#define social_asset_row(kind, name, symbol)                                  \
    { kind, name, social_asset_##symbol, social_asset_##symbol##_end }


#define social_template_embed(name)                                           \
    social_asset_embed(t_##name, #name ".mustache")
#define social_template_row(name)                                             \
    social_asset_row(SOCIAL_ASSET_TEMPLATE, #name, t_##name)

#define social_language_embed(tag)                                            \
    social_asset_embed(l_##tag, "lang/" #tag ".json")
#define social_language_row(tag)                                              \
    social_asset_row(SOCIAL_ASSET_LANGUAGE, #tag, l_##tag)


social_template_embed(widget);
social_template_embed(fallback);
social_template_embed(head);
social_template_embed(list);
social_template_embed(share);
social_template_embed(reactions);
social_template_embed(comment);
social_template_embed(form);
social_template_embed(thread);
social_template_embed(own);
social_template_embed(mine);
social_template_embed(error);
social_template_embed(preview);
social_template_embed(link);
social_template_embed(notice);
social_template_embed(status);
social_template_embed(status_chart);
social_template_embed(status_group);
social_template_embed(status_spark);
social_template_embed(status_waits);
social_template_embed(status_alarms);
social_template_embed(status_first);
social_template_embed(status_articles);
social_template_embed(status_site);
social_template_embed(status_article);
social_template_embed(status_funnel);
social_template_embed(status_health);
social_template_embed(status_define);
social_template_embed(moderate);
social_template_embed(log);

social_language_embed(en);
social_language_embed(de);
social_language_embed(fr);
social_language_embed(es);
social_language_embed(ar);
social_language_embed(pt);
social_language_embed(it);
social_language_embed(nl);
social_language_embed(pl);
social_language_embed(ru);
social_language_embed(uk);
social_language_embed(tr);
social_language_embed(ja);
social_language_embed(zh);
social_language_embed(ko);

social_asset_embed(widget_css, "widget.css");
social_asset_embed(widget_js, "widget.js");
social_asset_embed(counts_js, "counts.js");
social_asset_embed(page_css, "page.css");
social_asset_embed(page_js, "page.js");
social_asset_embed(status_css, "status.css");
social_asset_embed(status_js, "status.js");


static const social_asset_t  social_assets[] = {
    social_template_row(widget),
    social_template_row(fallback),
    social_template_row(head),
    social_template_row(list),
    social_template_row(share),
    social_template_row(reactions),
    social_template_row(comment),
    social_template_row(form),
    social_template_row(thread),
    social_template_row(own),
    social_template_row(mine),
    social_template_row(error),
    social_template_row(preview),
    social_template_row(link),
    social_template_row(notice),
    social_template_row(status),
    social_template_row(status_chart),
    social_template_row(status_group),
    social_template_row(status_spark),
    social_template_row(status_waits),
    social_template_row(status_alarms),
    social_template_row(status_first),
    social_template_row(status_articles),
    social_template_row(status_site),
    social_template_row(status_article),
    social_template_row(status_funnel),
    social_template_row(status_health),
    social_template_row(status_define),
    social_template_row(moderate),
    social_template_row(log),

    social_language_row(en),
    social_language_row(de),
    social_language_row(fr),
    social_language_row(es),
    social_language_row(ar),
    social_language_row(pt),
    social_language_row(it),
    social_language_row(nl),
    social_language_row(pl),
    social_language_row(ru),
    social_language_row(uk),
    social_language_row(tr),
    social_language_row(ja),
    social_language_row(zh),
    social_language_row(ko),

    social_asset_row(SOCIAL_ASSET_CSS, "widget.css", widget_css),
    social_asset_row(SOCIAL_ASSET_JS, "widget.js", widget_js),
    social_asset_row(SOCIAL_ASSET_JS, "counts.js", counts_js),
    social_asset_row(SOCIAL_ASSET_CSS, "page.css", page_css),
    social_asset_row(SOCIAL_ASSET_JS, "page.js", page_js),
    social_asset_row(SOCIAL_ASSET_CSS, "status.css", status_css),
    social_asset_row(SOCIAL_ASSET_JS, "status.js", status_js)
};


const social_asset_t *
social_asset_at(unsigned i)
{
    return i < social_nelts(social_assets) ? &social_assets[i] : NULL;
}
