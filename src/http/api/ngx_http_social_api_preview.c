
/*
 * How a text will look: as JSON for the script, or as a page that has all that
 * was typed in its form again.  Must not store or count anything, nor make an
 * article known.  Event loop only.
 */

#include "ngx_http_social_api_comment_check.h"
#include "social_comment_html.h"


/* what a comment must pass, too.  A text alone is of no article, so it has no
 * page's token */

static ngx_int_t
ngx_http_social_api_preview_check(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked)
{
    ngx_int_t  rc;

    if (in->article.len || in->token.len) {
        (void) ngx_http_social_request_input_article(in);

        if (in->answered) {
            return NGX_DECLINED;
        }
    }

    rc = ngx_http_social_api_check_text(in, checked);

    return rc == NGX_OK ? ngx_http_social_api_rate_limit(in, 'p') : rc;
}


static ngx_int_t
ngx_http_social_api_preview_page(ngx_http_social_input_t *in,
    social_out_t *html)
{
    cJSON         *doc;
    ngx_uint_t     language;
    social_out_t   back;

    doc = cJSON_CreateObject();
    language = ngx_http_social_request_input_language(in);

    social_doc_out(doc, "html", html);
    ngx_http_social_request_error_form(in, doc, NULL);

    if (in->rec->found.key_ok) {
        social_out_init(&back, 4096);
        social_out_public(&back, in->site->page->base, in->rec->key.data,
                          in->rec->key.len);
        social_doc_out(doc, "back", &back);
    }

    return ngx_http_social_request_reply_page(in->request, in->site, language,
                                              NGX_HTTP_OK, "preview", doc);
}


ngx_int_t
ngx_http_social_api_preview(ngx_http_social_input_t *in)
{
    cJSON                          *doc;
    ngx_int_t                       rc;
    social_out_t                    html;
    ngx_http_social_api_checked_t   checked;

    ngx_memzero(&checked, sizeof(ngx_http_social_api_checked_t));

    rc = ngx_http_social_api_preview_check(in, &checked);

    if (rc != NGX_OK) {
        return ngx_http_social_request_check_result(in, rc);
    }

    social_comment_html(&html, SOCIAL_MARKDOWN, checked.text.data,
                        checked.text.len);

    if (!ngx_http_social_job_room(html.len)) {
        social_out_free(&html);
        return ngx_http_social_request_unavailable(in);
    }

    if (!in->json) {
        return ngx_http_social_api_preview_page(in, &html);
    }

    doc = cJSON_CreateObject();
    social_doc_out(doc, "html", &html);

    return ngx_http_social_request_reply_json(in->request, NGX_HTTP_OK,
                                              NGX_HTTP_SOCIAL_NO_STORE, doc);
}
