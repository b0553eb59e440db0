
/*
 * What a moderator's action answers: 303 back to the page that the form was on,
 * or a document; and its event in the log.  Event loop only.
 */

#include "ngx_http_social_admin_moderate.h"
#include "ngx_http_social_view_visitor.h"


#define NGX_HTTP_SOCIAL_ADMIN_REFERER  2048     /* bytes of a Referer */


void
ngx_http_social_admin_act_event(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_uint_t    i;
    social_out_t  out;

    social_out_init(&out, n * (NGX_INT64_LEN + 1) + 1);

    for (i = 0; i < n; i++) {
        if (!ngx_http_social_request_wrote(&posts[i]->write)) {
            continue;
        }

        if (out.len) {
            social_out_text(&out, ",");

        } else {
            ngx_http_social_api_comment_event(in,
                                              NGX_HTTP_SOCIAL_EVENT_MODERATE,
                                              &posts[i]->write);
        }

        social_out_id(&out, posts[i]->write.wrote_id);
    }

    in->rec->comment = ngx_http_social_request_out_str(in->request, &out);
}


/* without the ids that the redirect before added at the end */

static void
ngx_http_social_admin_act_cut(ngx_str_t *back)
{
    u_char  *p, *last;

    last = back->data + back->len;

    for (p = back->data; p + sizeof("?changed=") - 1 <= last; p++) {
        if ((*p == '?' || *p == '&')
            && ngx_strncmp(p + 1, "changed=", sizeof("changed=") - 1) == 0)
        {
            back->len = p - back->data;
            return;
        }
    }
}


/* 1 if a path with its arguments is that of the status page */

static ngx_uint_t
ngx_http_social_admin_act_from_status(ngx_http_social_input_t *in, u_char *p,
    u_char *last)
{
    size_t       len;
    const char  *status;

    status = in->site->page->status;
    len = ngx_strlen(status);

    return len > 0 && (size_t) (last - p) >= len
           && ngx_memcmp(p, status, len) == 0
           && (p + len == last || p[len] == '?');
}


/* path to redirect to: the page that the form was on, with its state, search
 * and `after`, if Referer is one of this location or the status page; otherwise
 * its start */

static ngx_str_t
ngx_http_social_admin_act_referer(ngx_http_social_input_t *in)
{
    u_char     *p, *last;
    ngx_str_t   back, *referer;

    referer = ngx_http_social_view_request_header(in->request, "referer");

    if (referer == NULL || referer->len > NGX_HTTP_SOCIAL_ADMIN_REFERER) {
        return in->base;
    }

    last = referer->data + referer->len;
    p = ngx_strlcasestrn(referer->data, last, (u_char *) "://", 3 - 1);
    p = p ? ngx_strlchr(p + 3, last, '/') : NULL;

    if (p == NULL) {
        return in->base;
    }

    if (!ngx_http_social_admin_act_from_status(in, p, last)
        && ((size_t) (last - p) <= in->base.len
            || ngx_memcmp(p, in->base.data, in->base.len) != 0
            || p[in->base.len] != '?'))
    {
        return in->base;
    }

    back.data = p;
    back.len = last - p;

    for ( /* void */ ; p < last; p++) {
        if (*p <= ' ' || *p >= 0x7f || *p == '#') {
            return in->base;
        }
    }

    ngx_http_social_admin_act_cut(&back);

    return back;
}


/* the path with the ids of comments that were left as they are, for a note on
 * the list */

static ngx_str_t
ngx_http_social_admin_act_back(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_str_t     back;
    ngx_uint_t    i, any;
    social_out_t  out;

    back = ngx_http_social_admin_act_referer(in);
    any = 0;

    social_out_init(&out, back.len + sizeof("?changed=")
                          + n * (NGX_INT64_LEN + 2));
    social_out_bytes(&out, back.data, back.len);

    for (i = 0; i < n; i++) {
        if (posts[i]->write.status != SOCIAL_CHANGED) {
            continue;
        }

        social_out_text(&out, any ? ","
                              : back.len > in->base.len ? "&changed="
                                                        : "?changed=");
        social_out_id(&out, posts[i]->write.wrote_id);
        any = 1;
    }

    if (!any) {
        social_out_free(&out);
        return back;
    }

    return ngx_http_social_request_out_str(in->request, &out);
}


static void
ngx_http_social_admin_act_done(cJSON *array, social_write_t *write)
{
    char    id[SOCIAL_ID_MAX];
    cJSON  *item;

    item = cJSON_CreateObject();
    (void) social_id_text(write->wrote_id, id);
    social_doc_text(item, "id", id);
    social_doc_text(item, "article", write->wrote_key);
    social_doc_text(item, "state",
                    ngx_http_social_api_state_name(write->wrote_state));
    social_doc_append(array, item);
}


/* adds the ids of comments whose text is not what the moderator saw */

static void
ngx_http_social_admin_act_left(cJSON *doc,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    char        id[SOCIAL_ID_MAX];
    cJSON      *array;
    ngx_uint_t  i;

    array = social_doc_array(doc, "changed");

    for (i = 0; i < n; i++) {
        if (posts[i]->write.status == SOCIAL_CHANGED) {
            (void) social_id_text(posts[i]->write.wrote_id, id);
            social_doc_append(array, cJSON_CreateString(id));
        }
    }
}


/* "act": the action in the log, for `undo` */

static void
ngx_http_social_admin_act_name(cJSON *doc,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_uint_t    i;
    social_out_t  out;

    for (i = 0; i < n; i++) {
        if (posts[i]->write.wrote_act) {
            social_out_init(&out, SOCIAL_ID_MAX);
            social_out_text(&out, "a");
            social_out_int(&out, posts[i]->write.wrote_act);
            social_doc_out(doc, "act", &out);
            return;
        }
    }

    social_doc_null(doc, "act");
}


ngx_int_t
ngx_http_social_admin_act_answer(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    cJSON       *doc, *array;
    ngx_uint_t   i;

    if (!in->json) {
        return ngx_http_social_api_redirect(
            in, ngx_http_social_admin_act_back(in, posts, n));
    }

    doc = cJSON_CreateObject();
    ngx_http_social_admin_act_name(doc, posts, n);
    array = social_doc_array(doc, "comments");

    for (i = 0; i < n; i++) {
        if (posts[i]->write.wrote_id
            && ngx_http_social_request_wrote(&posts[i]->write))
        {
            ngx_http_social_admin_act_done(array, &posts[i]->write);
        }
    }

    ngx_http_social_admin_act_left(doc, posts, n);

    return ngx_http_social_request_reply_json(in->request, NGX_HTTP_OK,
                                              NGX_HTTP_SOCIAL_NO_STORE, doc);
}


ngx_int_t
ngx_http_social_admin_act_changed_answer(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    cJSON       *doc, *error;
    const char  *message;

    message = (in->rec->action.len == 4
               && ngx_memcmp(in->rec->action.data, "undo", 4) == 0)
              ? "This was decided upon again, or was undone already, so "
                "nothing was done. Please look at the list again."
              : "The text has changed since you saw it, so nothing was done. "
                "Please look at the list again.";

    if (!in->json) {
        return ngx_http_social_request_error(in, NGX_HTTP_CONFLICT, "changed",
                                             message, NULL);
    }

    doc = cJSON_CreateObject();
    error = social_doc_object(doc, "error");
    social_doc_text(error, "code", "changed");
    social_doc_text(error, "message", message);
    social_doc_null(error, "field");
    ngx_http_social_admin_act_left(doc, posts, n);

    return ngx_http_social_request_reply_json(in->request, NGX_HTTP_CONFLICT,
                                              NGX_HTTP_SOCIAL_NO_STORE, doc);
}


int64_t
ngx_http_social_admin_act_number(const u_char *data, size_t len)
{
    return (len > 1 && data[0] == 'a') ? social_id_number(data + 1, len - 1)
                                       : 0;
}
