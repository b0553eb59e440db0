
/*
 * Functions that several routes use: paths of articles and comments, notices,
 * and the event of a comment.  Event loop only, but for
 * ngx_http_social_api_comment_run().
 */

#include "ngx_http_social_api.h"
#include "ngx_http_social_sync.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_thread.h"


const char *
ngx_http_social_api_state_name(ngx_uint_t state)
{
    static const char *const  names[] = {
        "", "approved", "held", "spam", "deleted"
    };

    return state < social_nelts(names) ? names[state] : "";
}


cJSON *
ngx_http_social_api_comment_doc(const social_comment_t *comment)
{
    cJSON  *doc, *item;

    doc = cJSON_CreateObject();
    item = social_thread_api_comment(comment);

    social_doc_text(item, "state",
                    ngx_http_social_api_state_name(comment->state));
    social_doc_add(doc, "comment", item);

    return doc;
}


ngx_str_t
ngx_http_social_api_article_path(ngx_http_request_t *r, ngx_str_t *key,
    int64_t id)
{
    ngx_str_t               none;
    social_out_t            out;
    ngx_http_social_rec_t  *rec;

    rec = key->len ? ngx_http_social_view_rec(r) : NULL;

    if (rec == NULL) {
        ngx_str_null(&none);
        return none;
    }

    social_out_init(&out, 4096);
    social_out_public(&out, rec->site->page->base, key->data, key->len);

    if (id) {
        social_out_text(&out, "#comment-");
        social_out_id(&out, id);
    }

    return ngx_http_social_request_out_str(r, &out);
}


ngx_str_t
ngx_http_social_api_comment_place(ngx_http_social_input_t *in, ngx_str_t *key,
    int64_t id, uint32_t page)
{
    social_out_t  out;

    if (page <= 1) {
        return ngx_http_social_api_article_path(in->request, key, id);
    }

    social_out_init(&out, 8192);
    social_out_text(&out, in->site->page->prefix);
    social_out_text(&out, "thread?article=");
    social_out_query(&out, key->data, key->len);
    social_out_text(&out, "&page=");
    social_out_int(&out, page);
    social_out_text(&out, "#comment-");
    social_out_id(&out, id);

    return ngx_http_social_request_out_str(in->request, &out);
}


ngx_str_t
ngx_http_social_api_comment_path(ngx_http_social_input_t *in, int64_t id)
{
    social_out_t  out;

    social_out_init(&out, 4096);
    social_out_text(&out, in->site->page->prefix);
    social_out_text(&out, "comments/");
    social_out_id(&out, id);

    return ngx_http_social_request_out_str(in->request, &out);
}


ngx_str_t
ngx_http_social_api_write_key(social_write_t *write)
{
    ngx_str_t  key;

    key.data = (u_char *) write->wrote_key;
    key.len = ngx_strlen(write->wrote_key);

    return key;
}


ngx_int_t
ngx_http_social_api_redirect(ngx_http_social_input_t *in, ngx_str_t path)
{
    return path.data
               ? ngx_http_social_request_reply_see_other(in->request, &path)
               : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


ngx_int_t
ngx_http_social_api_notice(ngx_http_social_input_t *in, const char *label,
    ngx_str_t *key)
{
    cJSON       *doc;
    ngx_str_t    back;
    ngx_uint_t   language;

    if (in->json) {
        return ngx_http_social_request_reply_empty(in->request,
                                                   NGX_HTTP_NO_CONTENT);
    }

    doc = cJSON_CreateObject();
    language = ngx_http_social_request_input_language(in);
    social_doc_text(doc, "message",
                    ngx_http_social_request_label_in(in->site, language,
                                                     label));

    if (key->len) {
        back = ngx_http_social_api_article_path(in->request, key, in->id);
        social_doc_bytes(doc, "back", back.data, back.len);
    }

    return ngx_http_social_request_reply_page(in->request, in->site,
                                              language, NGX_HTTP_OK,
                                              "notice", doc);
}


void
ngx_http_social_api_count_active(ngx_http_social_input_t *in)
{
    uint64_t                 client, pair;
    ngx_http_social_slot_t  *slot;

    client = ngx_http_social_view_client(in->request, in->site);
    pair = ngx_http_social_view_fingerprint(
        in->site, NGX_HTTP_SOCIAL_MARK_PAIR,
        ngx_http_social_view_visitor(in->request, in->rec), &in->rec->key, 0);

    if (ngx_http_social_zone_mark_active(in->site, client, pair)
        == NGX_HTTP_SOCIAL_ZONE_NEW)
    {
        slot = ngx_http_social_view_slot(in->request, in->rec, 0);
        slot = slot ? slot : ngx_http_social_zone_slot_site(in->site);
        ngx_http_social_zone_count(slot, SOCIAL_COUNT_ACTIVE, 1);
    }
}


static void
ngx_http_social_event_word(ngx_str_t *field, const char *word)
{
    field->data = (u_char *) word;
    field->len = ngx_strlen(word);
}


static ngx_str_t
ngx_http_social_api_id_text(ngx_http_request_t *r, int64_t id)
{
    social_out_t  out;

    social_out_init(&out, SOCIAL_ID_MAX);
    social_out_id(&out, id);

    return ngx_http_social_request_out_str(r, &out);
}


void
ngx_http_social_api_comment_event(ngx_http_social_input_t *in,
    ngx_http_social_event_e event, social_write_t *write)
{
    ngx_http_social_rec_t  *rec;

    rec = in->rec;

    rec->event = event;
    rec->comment = ngx_http_social_api_id_text(in->request, write->wrote_id);
    ngx_http_social_event_word(&rec->state,
                       ngx_http_social_api_state_name(write->wrote_state));
    ngx_http_social_event_word(&rec->role,
                               write->wrote_role == SOCIAL_AUTHOR ? "author"
                                                                  : "reader");

    if (write->wrote_parent) {
        rec->parent = ngx_http_social_api_id_text(in->request,
                                                  write->wrote_parent);
    }

    if (rec->found.key_ok == 0) {
        rec->key.len = ngx_strlen(write->wrote_key);
        rec->key.data = ngx_pnalloc(in->request->pool, rec->key.len);

        if (rec->key.data == NULL) {
            rec->key.len = 0;
            return;
        }

        ngx_memcpy(rec->key.data, write->wrote_key, rec->key.len);
        rec->found.key_known = 1;
        rec->found.key_ok = 1;
    }
}


int
ngx_http_social_api_comment_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    social_str_t             origin;
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    read->page = 0;

    if (read->norigin) {
        origin.data = read->origin;
        origin.len = read->norigin;

        if (social_store_imported(store, origin, &read->id, &job->error)
            != SOCIAL_OK)
        {
            return SOCIAL_ERROR;
        }
    }

    if (social_store_comment(store, read->id, &read->list, &job->error)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    return social_store_page_of(store, read->id, SOCIAL_RENDER_COMMENTS,
                                job->site->page->order, &read->page,
                                &job->error);
}
