
/*
 * The log of what moderators did, as a page and as a document, newest first.
 * Event loop, except what runs in the thread: the run function, and logged().
 */

#include "ngx_http_social_admin_moderate.h"
#include "social_time.h"


#define NGX_HTTP_SOCIAL_ADMIN_LOG_PAGE  50      /* actions of a page */


typedef struct {
    ngx_http_social_read_t   read;      /* must be first */
    int64_t                  before;    /* an action, 0: the newest */
    cJSON                   *acts;
    int64_t                  last;
    ngx_uint_t               n, language;
    unsigned                 json:1;
    social_str_t             base;
    u_char                   text[1];
} ngx_http_social_admin_log_t;


static void
ngx_http_social_admin_log_id(cJSON *doc, const char *name, int64_t id)
{
    social_out_t  out;

    if (id == 0) {
        social_doc_null(doc, name);
        return;
    }

    social_out_init(&out, SOCIAL_ID_MAX);
    social_out_text(&out, "a");
    social_out_int(&out, id);
    social_doc_out(doc, name, &out);
}


/* ids "1,2,3" of the store as "c1", "c2", "c3" */

static void
ngx_http_social_admin_log_ids(cJSON *doc, const char *p)
{
    char     text[SOCIAL_ID_MAX];
    cJSON   *array;
    int64_t  id;

    array = social_doc_array(doc, "comments");

    while (*p) {
        for (id = 0; *p >= '0' && *p <= '9'; p++) {
            id = id * 10 + (*p - '0');
        }

        (void) social_id_text(id, text);
        social_doc_append(array, cJSON_CreateString(text));
        p += (*p == ',');
    }
}


cJSON *
ngx_http_social_admin_logged(ngx_http_social_site_t *site, ngx_uint_t language,
    const social_logged_t *act)
{
    char          label[32];
    cJSON        *doc;
    social_out_t  out;

    (void) snprintf(label, sizeof(label), "l_%s", act->action);

    doc = cJSON_CreateObject();
    ngx_http_social_admin_log_id(doc, "id", act->id);
    ngx_http_social_admin_item_time(doc, "at", site, language, act->at);
    social_doc_text(doc, "who", act->who);
    social_doc_text(doc, "action", act->action);
    social_doc_text(doc, "label",
                    ngx_http_social_request_label_in(site, language, label));
    ngx_http_social_admin_log_ids(doc, act->ids);
    social_doc_number(doc, "n", (double) act->n);
    social_doc_bool(doc, "many", act->n > 1);
    social_doc_text(doc, "name", act->name);
    social_doc_text(doc, "article", act->key);
    social_doc_text(doc, "title", act->title[0] ? act->title : act->key);
    social_doc_text(doc, "from", act->from);
    social_doc_bool(doc, "undone", act->undone != 0);
    social_doc_bool(doc, "can_undo", act->undone == 0
                                     && social_store_can_undo(act->action));

    if (act->key[0]) {
        social_out_init(&out, 4096);
        social_out_public(&out, site->page->base,
                          (const unsigned char *) act->key, strlen(act->key));
        social_doc_out(doc, "article_url", &out);

    } else {
        social_doc_null(doc, "article_url");
    }

    return doc;
}


/* one entry for programs */

static cJSON *
ngx_http_social_admin_log_json(const social_logged_t *act)
{
    char    time[SOCIAL_TIME_LEN + 1];
    cJSON  *doc;

    social_time_format(act->at, time);

    doc = cJSON_CreateObject();
    ngx_http_social_admin_log_id(doc, "id", act->id);
    social_doc_text(doc, "time", time);
    social_doc_text(doc, "who", act->who);
    social_doc_text(doc, "action", act->action);
    ngx_http_social_admin_log_ids(doc, act->ids);
    social_doc_number(doc, "n", (double) act->n);
    social_doc_text(doc, "article", act->key);

    if (act->from[0]) {
        social_doc_text(doc, "from", act->from);

    } else {
        social_doc_null(doc, "from");
    }

    ngx_http_social_admin_log_id(doc, "undone", act->undone);
    ngx_http_social_admin_log_id(doc, "undoes", act->undoes);

    return doc;
}


static void
ngx_http_social_admin_log_add(void *data, const social_logged_t *act)
{
    ngx_http_social_admin_log_t  *log = data;

    if (log->n++ == NGX_HTTP_SOCIAL_ADMIN_LOG_PAGE) {
        return;                         /* one more: there is another page */
    }

    log->last = act->id;
    social_doc_append(log->acts, log->json
                                 ? ngx_http_social_admin_log_json(act)
                                 : ngx_http_social_admin_logged(
                                       log->read.job.site, log->language, act));
}


/* the page; takes the entries over */

static int
ngx_http_social_admin_log_page(ngx_http_social_admin_log_t *log,
    ngx_uint_t more)
{
    cJSON                   *doc;
    social_out_t             out;
    ngx_http_social_site_t  *site;

    site = log->read.job.site;
    doc = cJSON_CreateObject();

    social_doc_bytes(doc, "prefix", log->base.data, log->base.len);
    social_doc_text(doc, "token", "");
    social_doc_bool(doc, "empty", log->n == 0);
    social_doc_add(doc, "acts", log->acts);
    log->acts = NULL;

    if (more) {
        social_out_init(&out, 4096);
        social_out_bytes(&out, log->base.data, log->base.len);
        social_out_text(&out, "?view=log&after=a");
        social_out_int(&out, log->last);
        social_doc_out(doc, "next", &out);
    }

    return social_render(site->page, log->language, "log", doc, &log->read.out)
           == SOCIAL_OK ? SOCIAL_OK : SOCIAL_DECLINED;
}


/* pool thread */

static int
ngx_http_social_admin_log_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    int                           rc;
    cJSON                        *doc;
    ngx_uint_t                    more;
    ngx_http_social_admin_log_t  *log = (ngx_http_social_admin_log_t *) job;

    log->acts = cJSON_CreateArray();

    rc = social_store_log(store, log->before,
                          NGX_HTTP_SOCIAL_ADMIN_LOG_PAGE + 1,
                          ngx_http_social_admin_log_add, log, &job->error);
    more = (log->n > NGX_HTTP_SOCIAL_ADMIN_LOG_PAGE);

    if (rc == SOCIAL_OK && log->json) {
        doc = cJSON_CreateObject();
        social_doc_add(doc, "log", log->acts);
        ngx_http_social_admin_log_id(doc, "next", more ? log->last : 0);
        social_doc_print(&log->read.out, doc);
        log->acts = NULL;

    } else if (rc == SOCIAL_OK) {
        rc = ngx_http_social_admin_log_page(log, more);
    }

    cJSON_Delete(log->acts);
    log->acts = NULL;

    return rc;
}


static ngx_int_t
ngx_http_social_admin_log_answer(ngx_http_social_read_t *read)
{
    ngx_http_social_admin_log_t  *log = (ngx_http_social_admin_log_t *) read;

    if (read->job.rc != SOCIAL_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_reply_out(
        read->request, NGX_HTTP_OK,
        log->json ? NGX_HTTP_SOCIAL_JSON : NGX_HTTP_SOCIAL_HTML,
        NGX_HTTP_SOCIAL_NO_STORE, &read->out);
}


ngx_int_t
ngx_http_social_admin_log(ngx_http_social_input_t *in)
{
    const social_str_t           *after;
    ngx_http_social_admin_log_t  *log;

    log = ngx_http_social_job_alloc(in->site, sizeof(*log) + in->base.len,
                                    ngx_http_social_admin_log_run, NULL);
    if (log == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_social_request_read_init(&log->read, in,
                                      ngx_http_social_admin_log_answer);

    after = social_form_get(in->form, "after");
    log->before = after ? ngx_http_social_admin_act_number(after->data,
                                                           after->len)
                        : 0;
    log->json = in->json;
    log->language = ngx_http_social_request_language(in->site);

    ngx_memcpy(log->text, in->base.data, in->base.len);
    log->base.data = log->text;
    log->base.len = in->base.len;

    return ngx_http_social_request_read_post(&log->read);
}
