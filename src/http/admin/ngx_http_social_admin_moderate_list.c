
/*
 * The list of comments to moderate, as a page or a document, built and printed
 * in the pool thread.  It ends at QUEUE_PAGE comments or where the store's list
 * or SOCIAL_RENDER_MAX ends; the next one goes on after the last comment.
 */

#include "ngx_http_social_admin_moderate.h"
#include "ngx_http_social_widget.h"
#include "social_thread.h"


#define NGX_HTTP_SOCIAL_ADMIN_QUEUE_PAGE   50       /* comments of a page */


typedef struct {
    const char          *name;
    social_state_e       state;         /* 0: all */
} ngx_http_social_admin_tab_t;


/* a read of the list; its arguments are copied behind it, to text */

typedef struct {
    ngx_http_social_read_t   read;      /* must be first */
    social_queue_t           queue;
    ngx_uint_t               tab;
    social_str_t             changed;   /* ids, after a redirect */
    ngx_uint_t               language;
    social_str_t             base, author;
    unsigned                 json:1;
    u_char                   text[1];
} ngx_http_social_admin_queue_t;


static const ngx_http_social_admin_tab_t  ngx_http_social_admin_tabs[] = {
    { "held",     SOCIAL_HELD },
    { "approved", SOCIAL_APPROVED },
    { "spam",     SOCIAL_SPAM },
    { "deleted",  SOCIAL_DELETED },
    { "all",      (social_state_e) 0 }
};


/* leads to the page of the thread that has the comment */

static void
ngx_http_social_admin_queue_place(cJSON *item, const char *name,
    ngx_http_social_site_t *site, int64_t id)
{
    social_out_t  out;

    social_out_init(&out, 4096);
    social_out_text(&out, site->page->prefix);
    social_out_text(&out, "comments/");
    social_out_id(&out, id);
    social_doc_out(item, name, &out);
}


/* the paths of a comment's article, of its parent, and of where it is shown */

static void
ngx_http_social_admin_queue_url(cJSON *item, ngx_http_social_site_t *site,
    social_comment_t *comment)
{
    social_out_t  out;

    if (comment->parent) {
        ngx_http_social_admin_queue_place(item, "parent_url", site,
                                          comment->parent);
    }

    if (comment->state == SOCIAL_APPROVED) {
        ngx_http_social_admin_queue_place(item, "comment_url", site,
                                          comment->id);
    }

    social_out_init(&out, 4096);
    social_out_public(&out, site->page->base, (unsigned char *) comment->key,
                      strlen(comment->key));
    social_doc_out(item, "article_url", &out);
}


static cJSON *
ngx_http_social_admin_queue_item(ngx_http_social_site_t *site,
    ngx_uint_t language, social_comment_t *comment)
{
    cJSON  *item;

    item = social_thread_node(comment, &site->page->languages[language]);

    social_doc_text(item, "title", comment->title[0]
                                   ? comment->title : comment->key);
    social_doc_text(item, "text", comment->text);
    social_doc_text(item, "reason", comment->reason);
    social_doc_text(item, "parent_name", comment->parent_name);
    social_doc_bool(item, "held", comment->state == SOCIAL_HELD);
    social_doc_bool(item, "approved", comment->state == SOCIAL_APPROVED);
    social_doc_bool(item, "spam", comment->state == SOCIAL_SPAM);
    cJSON_DeleteItemFromObjectCaseSensitive(item, "deleted");
    social_doc_bool(item, "deleted", comment->state == SOCIAL_DELETED);
    social_doc_bool(item, "answered", comment->answered);
    social_doc_bool(item, "done", comment->done);
    social_doc_number(item, "reports", comment->reports);
    ngx_http_social_admin_queue_url(item, site, comment);

    return item;
}


/* where a list goes on after a comment, for `after`: its id, and in a list of
 * all states its rank before it */

static void
ngx_http_social_admin_queue_after(ngx_http_social_admin_queue_t *q,
    social_comment_t *comment, social_out_t *out)
{
    if (q->queue.state == 0) {
        social_out_int(out, comment->state == SOCIAL_HELD ? 0
                            : comment->state == SOCIAL_APPROVED
                              && comment->reports > 0 ? 1 : 2);
        social_out_text(out, ".");
    }

    social_out_id(out, comment->id);
}


/* a link to another page of the list, with the same state and search; after
 * NULL: the first one */

static void
ngx_http_social_admin_queue_link(cJSON *doc, const char *name,
    ngx_http_social_admin_queue_t *q, social_comment_t *after)
{
    social_out_t  out;

    social_out_init(&out, 8192);
    social_out_bytes(&out, q->base.data, q->base.len);
    social_out_text(&out, "?state=");
    social_out_text(&out, ngx_http_social_admin_tabs[q->tab].name);
    social_out_text(&out, "&q=");
    social_out_query(&out, q->queue.q.data, q->queue.q.len);
    social_out_text(&out, "&article=");
    social_out_query(&out, q->queue.key.data, q->queue.key.len);

    if (after) {
        social_out_text(&out, "&after=");
        ngx_http_social_admin_queue_after(q, after, &out);
    }

    social_doc_out(doc, name, &out);
}


static void
ngx_http_social_admin_queue_tabs(cJSON *doc,
    ngx_http_social_admin_queue_t *q)
{
    char                     name[32];
    cJSON                   *tabs, *tab;
    ngx_uint_t               i;
    ngx_http_social_site_t  *site;

    site = q->read.job.site;
    tabs = social_doc_array(doc, "tabs");

    for (i = 0; i < social_nelts(ngx_http_social_admin_tabs); i++) {
        (void) snprintf(name, sizeof(name), "m_%s",
                        ngx_http_social_admin_tabs[i].name);

        tab = cJSON_CreateObject();
        social_doc_text(tab, "state", ngx_http_social_admin_tabs[i].name);
        social_doc_text(tab, "label",
                        ngx_http_social_request_label(site, name));
        social_doc_bool(tab, "current", i == q->tab);
        social_doc_number(tab, "n", i == q->tab
                                    ? (double) q->read.list.total
                                    : ngx_http_social_admin_tabs[i].state
                                      == SOCIAL_HELD
                                      ? (double) q->read.list.held : 0);
        social_doc_append(tabs, tab);
    }
}


/* a note with the comments that an action left as they are */

static void
ngx_http_social_admin_queue_changed(cJSON *doc,
    ngx_http_social_admin_queue_t *q)
{
    char          text[SOCIAL_ID_MAX];
    size_t        i, from;
    cJSON        *array, *item;
    int64_t       id;
    social_str_t  ids;

    ids = q->changed;
    array = social_doc_array(doc, "changed");

    for (i = 0, from = 0; i < ids.len; i++) {

        if (i + 1 < ids.len && ids.data[i + 1] != ',') {
            continue;
        }

        id = social_id_parse(ids.data + from, i + 1 - from);
        from = i + 2;

        if (id) {
            (void) social_id_text(id, text);
            item = cJSON_CreateObject();
            social_doc_text(item, "id", text);
            social_doc_append(array, item);
        }
    }

    social_doc_bool(doc, "any_changed", cJSON_GetArraySize(array) > 0);
}


/* the page with the first n comments of the list */

static cJSON *
ngx_http_social_admin_queue_doc(ngx_http_social_admin_queue_t *q, size_t n)
{
    size_t                   i;
    cJSON                   *doc, *items;
    ngx_http_social_site_t  *site;

    site = q->read.job.site;
    doc = cJSON_CreateObject();

    social_doc_bytes(doc, "prefix", q->base.data, q->base.len);

    if (site->status.len) {
        social_doc_text(doc, "status_url", site->page->status);
    }

    social_doc_text(doc, "state", ngx_http_social_admin_tabs[q->tab].name);
    social_doc_bytes(doc, "q", q->queue.q.data, q->queue.q.len);
    social_doc_bytes(doc, "author", q->author.data, q->author.len);
    social_doc_text(doc, "token", "");
    social_doc_number(doc, "revision", (double) q->read.list.revision);
    ngx_http_social_admin_queue_changed(doc, q);
    social_doc_bool(doc, "empty", q->read.list.n == 0);
    ngx_http_social_admin_queue_tabs(doc, q);

    items = social_doc_array(doc, "items");

    for (i = 0; i < n; i++) {
        social_doc_append(items, ngx_http_social_admin_queue_item(
                                   site, q->language, &q->read.list.items[i]));
    }

    if (q->queue.after) {
        ngx_http_social_admin_queue_link(doc, "prev", q, NULL);
    }

    if (n > 0 && (q->read.list.next || n < q->read.list.n)) {
        ngx_http_social_admin_queue_link(doc, "next", q,
                                         &q->read.list.items[n - 1]);
    }

    return doc;
}


/* renders as many comments as fit; SOCIAL_DECLINED: not even one */

static int
ngx_http_social_admin_queue_page(ngx_http_social_admin_queue_t *q)
{
    int            rc;
    size_t         n;
    social_out_t  *out;

    out = &q->read.out;

    for (n = q->read.list.n; /* void */ ; n /= 2) {
        rc = social_render(q->read.job.site->page, q->language, "moderate",
                           ngx_http_social_admin_queue_doc(q, n), out);

        if (rc == SOCIAL_OK || !out->full || n <= 1) {
            return rc == SOCIAL_OK ? SOCIAL_OK : SOCIAL_DECLINED;
        }

        social_out_free(out);
    }
}


static cJSON *
ngx_http_social_admin_queue_json_item(social_comment_t *comment)
{
    cJSON  *item;

    item = social_thread_api_comment(comment);

    social_doc_text(item, "article", comment->key);
    social_doc_text(item, "title", comment->title);
    social_doc_text(item, "text", comment->text);
    social_doc_text(item, "state",
                    ngx_http_social_api_state_name(comment->state));
    social_doc_text(item, "reason", comment->reason);
    social_doc_bool(item, "answered", comment->answered);
    social_doc_bool(item, "done", comment->done);
    social_doc_number(item, "reports", comment->reports);

    return item;
}


static void
ngx_http_social_admin_queue_json(ngx_http_social_admin_queue_t *q)
{
    size_t              i;
    cJSON              *head;
    social_out_t       *out, next;
    social_comments_t  *list;

    out = &q->read.out;
    list = &q->read.list;

    head = cJSON_CreateObject();
    social_doc_bytes(head, "site", q->read.job.site->name.data,
                     q->read.job.site->name.len);
    social_doc_text(head, "state", ngx_http_social_admin_tabs[q->tab].name);
    social_doc_number(head, "total", (double) list->total);
    social_doc_number(head, "revision", (double) list->revision);
    social_doc_list_begin(out, head, "comments");

    for (i = 0; i < list->n && !out->failed; i++) {
        if (social_doc_list_item(
                out, i, ngx_http_social_admin_queue_json_item(&list->items[i]))
            != SOCIAL_OK)
        {
            break;
        }
    }

    social_out_init(&next, 64);

    if (i > 0 && (list->next || i < list->n)) {
        ngx_http_social_admin_queue_after(q, &list->items[i - 1], &next);
        social_out_bytes(&next, "", 1);
        out->failed |= next.failed;
    }

    social_doc_list_end(out, (char *) next.data);
    social_out_free(&next);
}


/* pool thread */

static int
ngx_http_social_admin_queue_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    ngx_http_social_admin_queue_t  *q = (ngx_http_social_admin_queue_t *) job;

    if (social_store_queue(store, &q->queue, &q->read.list, &job->error)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    if (q->json) {
        ngx_http_social_admin_queue_json(q);
        return SOCIAL_OK;
    }

    return ngx_http_social_admin_queue_page(q);
}


static ngx_int_t
ngx_http_social_admin_queue_answer(ngx_http_social_read_t *read)
{
    ngx_http_social_admin_queue_t  *q = (ngx_http_social_admin_queue_t *) read;

    if (read->job.rc != SOCIAL_OK) {
        ngx_http_social_widget_cut(read->job.site, "the moderation page",
                                   "one comment", read->out.full);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_reply_out(
        read->request, NGX_HTTP_OK,
        q->json ? NGX_HTTP_SOCIAL_JSON : NGX_HTTP_SOCIAL_HTML,
        NGX_HTTP_SOCIAL_NO_STORE, &read->out);
}


static social_str_t
ngx_http_social_admin_queue_copy(u_char **p, const social_str_t *value)
{
    social_str_t  text;

    text.data = *p;
    text.len = value ? value->len : 0;

    if (text.len) {
        *p = ngx_cpymem(*p, value->data, text.len);
    }

    return text;
}


/* the argument `after`, as queue_after() writes it; what is none begins */

static void
ngx_http_social_admin_queue_from(ngx_http_social_input_t *in,
    social_queue_t *queue)
{
    size_t               n;
    const social_str_t  *after;

    after = social_form_get(in->form, "after");
    queue->rank = -1;

    if (after == NULL) {
        return;
    }

    n = 0;

    if (after->len > 2 && after->data[1] == '.' && after->data[0] >= '0'
        && after->data[0] <= '2')
    {
        queue->rank = after->data[0] - '0';
        n = 2;
    }

    queue->after = social_id_parse(after->data + n, after->len - n);
}


/* the argument `state`, without it the tab of all comments; NGX_DECLINED:
 * refused and answered */

static ngx_int_t
ngx_http_social_admin_queue_tab(ngx_http_social_input_t *in, ngx_uint_t *tab)
{
    ngx_uint_t           i;
    const social_str_t  *state;

    state = social_form_get(in->form, "state");

    if (state == NULL || state->len == 0) {
        *tab = social_nelts(ngx_http_social_admin_tabs) - 1;
        return NGX_OK;
    }

    for (i = 0; i < social_nelts(ngx_http_social_admin_tabs); i++) {
        if (ngx_http_social_request_is(state,
                                       ngx_http_social_admin_tabs[i].name))
        {
            *tab = i;
            return NGX_OK;
        }
    }

    (void) ngx_http_social_request_error(in, NGX_HTTP_BAD_REQUEST, "malformed",
        "The state must be held, approved, spam, deleted or all.", "state");

    return NGX_DECLINED;
}


ngx_int_t
ngx_http_social_admin_moderate_list(ngx_http_social_input_t *in)
{
    u_char                         *p;
    ngx_int_t                       rc;
    ngx_uint_t                      tab;
    social_str_t                    base, author;
    ngx_http_social_admin_queue_t  *q;

    rc = ngx_http_social_request_input_args(in, NULL);

    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    in->json |= ngx_http_social_request_is(social_form_get(in->form, "format"),
                                           "json");

    if (ngx_http_social_admin_queue_tab(in, &tab) != NGX_OK) {
        return in->result;
    }

    q = ngx_http_social_job_alloc(in->site, sizeof(*q)
                                  + in->request->args.len + in->base.len
                                  + in->author.len,
                                  ngx_http_social_admin_queue_run, NULL);
    if (q == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_social_request_read_init(&q->read, in,
                                      ngx_http_social_admin_queue_answer);

    base.data = in->base.data;
    base.len = in->base.len;
    author.data = in->author.data;
    author.len = in->author.len;

    p = q->text;
    q->tab = tab;
    q->json = in->json;
    q->language = ngx_http_social_request_language(in->site);
    q->base = ngx_http_social_admin_queue_copy(&p, &base);
    q->author = ngx_http_social_admin_queue_copy(&p, &author);
    q->queue.state = ngx_http_social_admin_tabs[tab].state;
    q->queue.q = ngx_http_social_admin_queue_copy(&p,
                                       social_form_get(in->form, "q"));
    q->queue.key = ngx_http_social_admin_queue_copy(&p,
                                       social_form_get(in->form, "article"));
    q->changed = ngx_http_social_admin_queue_copy(&p,
                                       social_form_get(in->form, "changed"));
    q->queue.limit = NGX_HTTP_SOCIAL_ADMIN_QUEUE_PAGE;
    ngx_http_social_admin_queue_from(in, &q->queue);

    return ngx_http_social_request_read_post(&q->read);
}
