
/*
 * The moderator's queue: a list, and actions on comments.
 *
 * Who the moderator is says `author`, evaluated here and nowhere else: only
 * here has nginx checked a password before.  Entering sets the signed cookie
 * that makes the moderator's own views and comments the author's elsewhere.
 */

#include "ngx_http_social_moderate.h"
#include "ngx_http_social_visitor.h"
#include "ngx_http_social_widget.h"
#include "ngx_http_social_zone.h"
#include "social_text.h"
#include "social_thread.h"
#include "social_token.h"


#define NGX_HTTP_SOCIAL_QUEUE_PAGE  50


typedef struct {
    const char          *name;
    social_state_e       state;         /* 0: all */
} ngx_http_social_tab_t;


typedef struct {
    const char          *name;
    social_act_e         act;           /* 0: not on the state */
} ngx_http_social_act_t;


/* reading the queue; strings are copied behind it */

typedef struct {
    ngx_http_social_read_t   read;      /* stands first */
    social_queue_t           queue;
    ngx_uint_t               tab;
    uint32_t                 page;
    social_comments_t        list;
    u_char                   author[SOCIAL_SEAL_NAME + 1];
    u_char                   text[1];
} ngx_http_social_queue_read_t;


static const ngx_http_social_tab_t  ngx_http_social_tabs[] = {
    { "held",     SOCIAL_HELD },
    { "approved", SOCIAL_APPROVED },
    { "spam",     SOCIAL_SPAM },
    { "deleted",  SOCIAL_DELETED },
    { "all",      (social_state_e) 0 }
};


static const ngx_http_social_act_t  ngx_http_social_acts[] = {
    { "approve", SOCIAL_ACT_APPROVE },
    { "hold",    SOCIAL_ACT_HOLD },
    { "spam",    SOCIAL_ACT_SPAM },
    { "delete",  SOCIAL_ACT_DELETE },
    { "restore", SOCIAL_ACT_RESTORE },
    { "ban",     SOCIAL_ACT_BAN },
    { "done",    SOCIAL_ACT_DONE },
    { "edit",    (social_act_e) 0 },
    { "reply",   (social_act_e) 0 }
};


static const char *const  ngx_http_social_states[] = {
    "", "approved", "held", "spam", "deleted"
};


/* who moderates: `author` of this request; NGX_DECLINED: nobody */

static ngx_int_t
ngx_http_social_moderator(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_str_t *name)
{
    size_t  len;

    if (site->author == NULL
        || ngx_http_complex_value(r, site->author, name) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (name->len == 0 || name->len > SOCIAL_SEAL_NAME
        || social_text_clean_line(name->data, name->len, name->data, &len)
           != SOCIAL_OK)
    {
        return NGX_DECLINED;
    }

    name->len = len;

    return len ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_http_social_moderator_cookie(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_str_t *name)
{
    char          seal[SOCIAL_SEAL_MAX];
    ngx_str_t     cookie, value, path;
    social_str_t  text;

    text.len = name->len;
    text.data = name->data;
    cookie = ngx_http_social_cookie_name(r, site, "author");

    if (cookie.data == NULL
        || social_seal_make(site->zone->secret, SOCIAL_SEAL_AUTHOR, text,
                            ngx_time() + NGX_HTTP_SOCIAL_AUTHOR_TIME, seal)
           != SOCIAL_OK)
    {
        return NGX_ERROR;
    }

    value.data = (u_char *) seal;
    value.len = ngx_strlen(seal);
    ngx_str_set(&path, "/");

    return ngx_http_social_cookie_set(r, &cookie, &value, &path,
                                      NGX_HTTP_SOCIAL_AUTHOR_TIME);
}


/* the list */

static int
ngx_http_social_queue_run(ngx_http_social_job_t *job, social_store_t *store)
{
    ngx_http_social_queue_read_t  *read =
                                        (ngx_http_social_queue_read_t *) job;

    return social_store_queue(store, &read->queue, &read->list, &job->error);
}


static const char *
ngx_http_social_string(ngx_http_social_site_t *site, ngx_uint_t language,
    const char *name)
{
    const char  *text;

    text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(
               site->page->languages[language].strings, name));

    return text ? text : name;
}


/* path of a comment's article, with its anchor */

static void
ngx_http_social_queue_url(cJSON *item, social_comment_t *comment)
{
    social_out_t  out;

    social_out_init(&out, 4096);
    social_out_path(&out, (unsigned char *) comment->key,
                    strlen(comment->key));
    social_out_bytes(&out, "", 1);

    if (!out.failed) {
        cJSON_AddStringToObject(item, "article_url", (char *) out.data);
    }

    social_out_free(&out);
}


static cJSON *
ngx_http_social_queue_item(ngx_http_social_site_t *site,
    ngx_uint_t language, social_comment_t *comment)
{
    cJSON  *item;

    item = social_thread_node(comment,
                              site->page->languages[language].months);

    cJSON_AddStringToObject(item, "title", comment->title[0]
                                           ? comment->title : comment->key);
    cJSON_AddStringToObject(item, "text", comment->text);
    cJSON_AddStringToObject(item, "reason", comment->reason);
    cJSON_AddStringToObject(item, "parent_name", comment->parent_name);
    cJSON_AddBoolToObject(item, "held", comment->state == SOCIAL_HELD);
    cJSON_AddBoolToObject(item, "approved",
                          comment->state == SOCIAL_APPROVED);
    cJSON_AddBoolToObject(item, "spam", comment->state == SOCIAL_SPAM);
    cJSON_ReplaceItemInObjectCaseSensitive(item, "deleted",
        cJSON_CreateBool(comment->state == SOCIAL_DELETED));
    cJSON_AddBoolToObject(item, "answered", comment->answered);
    cJSON_AddBoolToObject(item, "done", comment->done);
    cJSON_AddNumberToObject(item, "reports", comment->reports);
    ngx_http_social_queue_url(item, comment);

    return item;
}


/* "PREFIX?state=..&q=..&page=.." */

static void
ngx_http_social_queue_link(cJSON *doc, const char *name,
    ngx_http_social_queue_read_t *read, uint32_t page)
{
    social_out_t             out;
    ngx_http_social_site_t  *site;

    site = read->read.job.site;

    social_out_init(&out, 8192);
    social_out_bytes(&out, site->moderate.data, site->moderate.len);
    social_out_text(&out, "?state=");
    social_out_text(&out, ngx_http_social_tabs[read->tab].name);
    social_out_text(&out, "&q=");
    social_out_query(&out, read->queue.q.data, read->queue.q.len);
    social_out_text(&out, "&article=");
    social_out_query(&out, read->queue.key.data, read->queue.key.len);
    social_out_text(&out, "&page=");
    social_out_int(&out, page);
    social_out_bytes(&out, "", 1);

    if (!out.failed) {
        cJSON_AddStringToObject(doc, name, (char *) out.data);
    }

    social_out_free(&out);
}


static void
ngx_http_social_add_str(cJSON *doc, const char *name, const u_char *data,
    size_t len)
{
    char  *text;

    text = strndup((const char *) data, len);

    if (text) {
        cJSON_AddStringToObject(doc, name, text);
        free(text);
    }
}


static void
ngx_http_social_queue_tabs(cJSON *doc, ngx_http_social_queue_read_t *read,
    ngx_uint_t language)
{
    char                      name[32];
    cJSON                    *tabs, *tab;
    ngx_uint_t                i;
    ngx_http_social_site_t   *site;

    site = read->read.job.site;
    tabs = cJSON_AddArrayToObject(doc, "tabs");

    for (i = 0; i < social_nelts(ngx_http_social_tabs); i++) {
        (void) snprintf(name, sizeof(name), "m_%s",
                        ngx_http_social_tabs[i].name);

        tab = cJSON_CreateObject();
        cJSON_AddStringToObject(tab, "state", ngx_http_social_tabs[i].name);
        cJSON_AddStringToObject(tab, "label",
            ngx_http_social_string(site, language, name));
        cJSON_AddBoolToObject(tab, "current", i == read->tab);
        cJSON_AddNumberToObject(tab, "n", i == read->tab
                                          ? (double) read->list.total : 0);
        cJSON_AddItemToArray(tabs, tab);
    }
}


static cJSON *
ngx_http_social_queue_doc(ngx_http_social_queue_read_t *read,
    ngx_uint_t language)
{
    size_t                   i;
    cJSON                   *doc, *items;
    ngx_http_social_site_t  *site;

    site = read->read.job.site;
    doc = cJSON_CreateObject();

    ngx_http_social_add_str(doc, "prefix", site->moderate.data,
                            site->moderate.len);

    if (site->status.len) {
        ngx_http_social_add_str(doc, "status_url", site->status.data,
                                site->status.len);
    }

    cJSON_AddStringToObject(doc, "state",
                            ngx_http_social_tabs[read->tab].name);
    ngx_http_social_add_str(doc, "q", read->queue.q.data, read->queue.q.len);
    cJSON_AddStringToObject(doc, "author", (char *) read->author);
    cJSON_AddStringToObject(doc, "token", "");
    cJSON_AddBoolToObject(doc, "empty", read->list.n == 0);
    ngx_http_social_queue_tabs(doc, read, language);

    items = cJSON_AddArrayToObject(doc, "items");

    for (i = 0; i < read->list.n; i++) {
        cJSON_AddItemToArray(items,
            ngx_http_social_queue_item(site, language,
                                       &read->list.items[i]));
    }

    if (read->page > 1) {
        ngx_http_social_queue_link(doc, "prev", read, read->page - 1);
    }

    if (read->list.total
        > (int64_t) read->page * NGX_HTTP_SOCIAL_QUEUE_PAGE)
    {
        ngx_http_social_queue_link(doc, "next", read, read->page + 1);
    }

    return doc;
}


static cJSON *
ngx_http_social_queue_json(ngx_http_social_queue_read_t *read)
{
    size_t             i;
    cJSON             *doc, *array, *item;
    social_comment_t  *comment;

    doc = cJSON_CreateObject();
    ngx_http_social_add_str(doc, "site", read->read.job.site->name.data,
                            read->read.job.site->name.len);
    cJSON_AddStringToObject(doc, "state",
                            ngx_http_social_tabs[read->tab].name);
    cJSON_AddNumberToObject(doc, "total", (double) read->list.total);
    array = cJSON_AddArrayToObject(doc, "comments");

    for (i = 0; i < read->list.n; i++) {
        comment = &read->list.items[i];
        item = social_thread_api_comment(comment);

        cJSON_AddStringToObject(item, "article", comment->key);
        cJSON_AddStringToObject(item, "title", comment->title);
        cJSON_AddStringToObject(item, "text", comment->text);
        cJSON_AddStringToObject(item, "state",
                                ngx_http_social_states[comment->state]);
        cJSON_AddStringToObject(item, "reason", comment->reason);
        cJSON_AddBoolToObject(item, "answered", comment->answered);
        cJSON_AddBoolToObject(item, "done", comment->done);
        cJSON_AddNumberToObject(item, "reports", comment->reports);
        cJSON_AddItemToArray(array, item);
    }

    return doc;
}


static ngx_int_t
ngx_http_social_queue_answer(ngx_http_social_read_t *read)
{
    int                            rc;
    cJSON                         *doc;
    ngx_uint_t                     language;
    social_out_t                   out;
    ngx_http_social_site_t        *site;
    ngx_http_social_queue_read_t  *q = (ngx_http_social_queue_read_t *) read;

    site = read->job.site;

    if (read->in->json) {
        doc = ngx_http_social_queue_json(q);

        return ngx_http_social_reply_json(read->request, NGX_HTTP_OK,
                                          NGX_HTTP_SOCIAL_NO_STORE, doc);
    }

    language = social_page_find_language(site->page,
                                         (char *) site->language.data,
                                         site->language.len);
    doc = ngx_http_social_queue_doc(q, language);

    social_out_init(&out, SOCIAL_PAGE_MAX);
    rc = social_page_render(site->page, language, "moderate", doc, &out);

    if (rc != SOCIAL_OK) {
        social_out_free(&out);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_reply_out(read->request, NGX_HTTP_OK,
                                     NGX_HTTP_SOCIAL_HTML,
                                     NGX_HTTP_SOCIAL_NO_STORE, &out);
}


static void
ngx_http_social_queue_drop(ngx_http_social_read_t *read)
{
    social_comments_free(&((ngx_http_social_queue_read_t *) read)->list);
}


static social_str_t
ngx_http_social_queue_copy(u_char **p, const social_str_t *value)
{
    social_str_t  text;

    text.data = *p;
    text.len = value ? value->len : 0;

    if (text.len) {
        *p = ngx_cpymem(*p, value->data, text.len);
    }

    return text;
}


static ngx_int_t
ngx_http_social_queue_get(ngx_http_social_input_t *in, ngx_str_t *author)
{
    u_char                        *p;
    ngx_uint_t                     i;
    const social_str_t            *state, *format, *page;
    ngx_http_social_queue_read_t  *q;

    if (ngx_http_social_input_args(in, NULL) != NGX_OK || in->answered) {
        return NGX_OK;
    }

    format = social_form_get(in->form, "format");
    in->json = in->json || (format && format->len == 4
                            && memcmp(format->data, "json", 4) == 0);

    q = ngx_http_social_job_alloc(in->site, sizeof(*q)
                                  + in->request->args.len,
                                  ngx_http_social_queue_run, NULL);
    if (q == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_social_read_init(&q->read, in, ngx_http_social_queue_answer);
    q->read.drop = ngx_http_social_queue_drop;

    state = social_form_get(in->form, "state");

    for (i = 0; state && i < social_nelts(ngx_http_social_tabs); i++) {
        if (strlen(ngx_http_social_tabs[i].name) == state->len
            && memcmp(ngx_http_social_tabs[i].name, state->data, state->len)
               == 0)
        {
            q->tab = i;
        }
    }

    /* without a state: everything, held ones first */

    if (state == NULL) {
        q->tab = social_nelts(ngx_http_social_tabs) - 1;
    }

    page = social_form_get(in->form, "page");
    q->page = page ? ngx_http_social_id(page->data, page->len) : 1;
    q->page = ngx_min(ngx_max(q->page, 1), 100000);

    p = q->text;
    q->queue.state = ngx_http_social_tabs[q->tab].state;
    q->queue.q = ngx_http_social_queue_copy(&p,
                                       social_form_get(in->form, "q"));
    q->queue.key = ngx_http_social_queue_copy(&p,
                                       social_form_get(in->form, "article"));
    q->queue.limit = NGX_HTTP_SOCIAL_QUEUE_PAGE;
    q->queue.offset = (q->page - 1) * NGX_HTTP_SOCIAL_QUEUE_PAGE;
    (void) ngx_cpystrn(q->author, author->data, author->len + 1);

    return ngx_http_social_read_post(&q->read);
}


/* acting */

static void
ngx_http_social_act_event(ngx_http_social_input_t *in,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    u_char                 *p;
    ngx_uint_t              i;
    ngx_http_social_rec_t  *rec;

    rec = in->rec;

    for (i = 0; i < n; i++) {
        if (posts[i]->write.status == SOCIAL_WROTE) {
            ngx_http_social_comment_event(in, "moderate", &posts[i]->write);
            break;
        }
    }

    if (i == n) {
        return;
    }

    /* all ids of a bulk action */

    rec->comment.data = ngx_pnalloc(in->request->pool,
                                    n * (NGX_INT64_LEN + 1));
    rec->comment.len = 0;
    p = rec->comment.data;

    for (i = 0; p && i < n; i++) {
        if (posts[i]->write.status == SOCIAL_WROTE) {
            p = ngx_sprintf(p, "%s%L", p == rec->comment.data ? "" : ",",
                            posts[i]->write.wrote_id);
        }
    }

    if (p) {
        rec->comment.len = p - rec->comment.data;
    }
}


static ngx_int_t
ngx_http_social_act_answer(ngx_http_social_input_t *in,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    char              id[NGX_INT64_LEN + 1];
    cJSON            *doc, *array, *item;
    ngx_uint_t        i;
    social_write_t   *write;

    if (!in->json) {
        return ngx_http_social_reply_see_other(in->request,
                                               &in->site->moderate);
    }

    doc = cJSON_CreateObject();
    array = cJSON_AddArrayToObject(doc, "comments");

    for (i = 0; i < n; i++) {
        write = &posts[i]->write;

        if (write->status != SOCIAL_WROTE
            && write->status != SOCIAL_WROTE_NOTHING)
        {
            continue;
        }

        item = cJSON_CreateObject();
        *ngx_sprintf((u_char *) id, "%L", write->wrote_id) = '\0';
        cJSON_AddStringToObject(item, "id", id);
        cJSON_AddStringToObject(item, "article", write->wrote_key);
        cJSON_AddStringToObject(item, "state",
                                ngx_http_social_states[write->wrote_state]);
        cJSON_AddItemToArray(array, item);
    }

    return ngx_http_social_reply_json(in->request, NGX_HTTP_OK,
                                      NGX_HTTP_SOCIAL_NO_STORE, doc);
}


static void
ngx_http_social_act_done(ngx_http_request_t *r,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    ngx_int_t                 rc;
    ngx_str_t                 key;
    ngx_uint_t                i, good;
    social_write_t           *write, *bad;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_input_of(r);
    good = 0;
    bad = NULL;

    for (i = 0; i < n; i++) {
        write = &posts[i]->write;

        if (write->status != SOCIAL_WROTE
            && write->status != SOCIAL_WROTE_NOTHING)
        {
            bad = write;
            continue;
        }

        good++;

        if (write->visible) {
            key.data = (u_char *) write->wrote_key;
            key.len = ngx_strlen(write->wrote_key);
            ngx_http_social_widget_changed(in->site, &key, 0);
        }
    }

    if (good == 0 && bad) {
        rc = ngx_http_social_write_error(in, bad);

    } else {
        ngx_http_social_act_event(in, posts, n);
        rc = ngx_http_social_act_answer(in, posts, n);
    }

    ngx_http_finalize_request(r, rc);
}


/* a list of posts, one for every id */

static ngx_int_t
ngx_http_social_act_state(ngx_http_social_input_t *in, social_act_e act)
{
    ngx_uint_t               i;
    ngx_http_social_post_t  *post, *head;

    head = NULL;

    for (i = 0; i < in->nids; i++) {
        post = ngx_http_social_post_alloc(in->site, 0);
        if (post == NULL) {
            break;
        }

        post->request = in->request;
        post->done = ngx_http_social_act_done;
        post->write.type = SOCIAL_WRITE_MODERATE;
        post->write.action = act;
        post->write.id = in->ids[in->nids - 1 - i];
        post->next = head;
        head = post;
    }

    if (i == in->nids && ngx_http_social_write(head) == NGX_OK) {
        return NGX_DONE;
    }

    while (head) {
        post = head;
        head = head->next;
        free(post);
    }

    return ngx_http_social_unavailable(in);
}


/* a text of the moderator's: NGX_OK, or answered */

static ngx_int_t
ngx_http_social_act_text(ngx_http_social_input_t *in, ngx_str_t *text)
{
    size_t  n;

    text->data = ngx_pnalloc(in->request->pool, in->text.len + 1);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    if (social_text_clean_text(in->text.data, in->text.len, text->data,
                               &text->len)
        != SOCIAL_OK)
    {
        text->len = 0;
    }

    n = social_text_count(text->data, text->len);

    if (n > 0 && n <= SOCIAL_TEXT_MAX) {
        return NGX_OK;
    }

    (void) ngx_http_social_error(in, 422, "value",
        "A text of 1 to 10,000 characters is needed.", "text");

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_social_act_edit(ngx_http_social_input_t *in)
{
    u_char                  *p;
    ngx_int_t                rc;
    ngx_str_t                text;
    ngx_http_social_post_t  *post;

    rc = ngx_http_social_act_text(in, &text);

    if (rc != NGX_OK) {
        return rc == NGX_ERROR ? NGX_HTTP_INTERNAL_SERVER_ERROR : NGX_OK;
    }

    post = ngx_http_social_post_alloc(in->site, text.len);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = (u_char *) post + sizeof(ngx_http_social_post_t);

    post->request = in->request;
    post->done = ngx_http_social_act_done;
    post->write.type = SOCIAL_WRITE_EDIT;
    post->write.author = 1;
    post->write.id = in->ids[0];
    post->write.text = ngx_http_social_post_str(&p, &text);

    if (ngx_http_social_write(post) != NGX_OK) {
        free(post);
        return ngx_http_social_unavailable(in);
    }

    return NGX_DONE;
}


static void
ngx_http_social_answer_done(ngx_http_request_t *r,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    ngx_int_t                 rc;
    ngx_str_t                 key;
    social_write_t           *write;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_input_of(r);
    write = &posts[0]->write;

    if (write->status != SOCIAL_WROTE) {
        ngx_http_finalize_request(r, ngx_http_social_write_error(in, write));
        return;
    }

    key.data = (u_char *) write->wrote_key;
    key.len = ngx_strlen(write->wrote_key);

    ngx_http_social_widget_changed(in->site, &key, 1);
    ngx_http_social_comment_event(in, "reply", write);

    rc = ngx_http_social_act_answer(in, posts, n);

    ngx_http_finalize_request(r, rc);
}


/* the comment that is answered was read: its article is known now */

static ngx_int_t
ngx_http_social_reply_answer(ngx_http_social_read_t *read)
{
    u_char                   *p;
    ngx_str_t                 key, text, name;
    ngx_http_social_post_t   *post;
    ngx_http_social_input_t  *in;

    in = read->in;

    if (read->status != NGX_HTTP_OK) {
        return ngx_http_social_error(in, NGX_HTTP_NOT_FOUND, "comment",
                                     "There is no such comment.", "id");
    }

    key.data = (u_char *) read->key;
    key.len = ngx_strlen(read->key);
    text = in->text;
    name = in->name;

    post = ngx_http_social_post_alloc(in->site,
                                      key.len + text.len + name.len);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = (u_char *) post + sizeof(ngx_http_social_post_t);

    post->request = in->request;
    post->done = ngx_http_social_answer_done;
    post->write.type = SOCIAL_WRITE_COMMENT;
    post->write.author = 1;
    post->write.state = SOCIAL_APPROVED;
    post->write.parent = in->ids[0];
    post->write.key = ngx_http_social_post_str(&p, &key);
    post->write.name = ngx_http_social_post_str(&p, &name);
    post->write.text = ngx_http_social_post_str(&p, &text);

    if (ngx_http_social_write(post) != NGX_OK) {
        free(post);
        return ngx_http_social_unavailable(in);
    }

    return NGX_DONE;
}


static int
ngx_http_social_reply_run(ngx_http_social_job_t *job, social_store_t *store)
{
    social_comments_t        list;
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    memset(&list, 0, sizeof(social_comments_t));

    if (social_store_comment(store, read->id, &list, &job->error)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    if (list.n) {
        read->status = NGX_HTTP_OK;
        (void) snprintf(read->key, sizeof(read->key), "%s",
                        list.items[0].key);
    }

    social_comments_free(&list);

    return SOCIAL_OK;
}


static ngx_int_t
ngx_http_social_act_reply(ngx_http_social_input_t *in, ngx_str_t *author)
{
    ngx_int_t                rc;
    ngx_str_t                text;
    ngx_http_social_read_t  *read;

    rc = ngx_http_social_act_text(in, &text);

    if (rc != NGX_OK) {
        return rc == NGX_ERROR ? NGX_HTTP_INTERNAL_SERVER_ERROR : NGX_OK;
    }

    in->text = text;
    in->name = *author;

    read = ngx_http_social_read_alloc(in, ngx_http_social_reply_run,
                                      ngx_http_social_reply_answer);
    if (read == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    read->id = in->ids[0];

    return ngx_http_social_read_post(read);
}


static ngx_int_t
ngx_http_social_act(ngx_http_social_input_t *in)
{
    ngx_uint_t                    i;
    ngx_str_t                     author;
    const ngx_http_social_act_t  *act;

    if (ngx_http_social_moderator(in->request, in->site, &author)
        != NGX_OK)
    {
        return ngx_http_social_error(in, NGX_HTTP_FORBIDDEN, "author",
            "Nobody is signed in here.", NULL);
    }

    act = NULL;

    for (i = 0; i < social_nelts(ngx_http_social_acts); i++) {
        if (strlen(ngx_http_social_acts[i].name) == in->action.len
            && memcmp(ngx_http_social_acts[i].name, in->action.data,
                      in->action.len) == 0)
        {
            act = &ngx_http_social_acts[i];
        }
    }

    if (act == NULL) {
        return ngx_http_social_error(in, NGX_HTTP_BAD_REQUEST, "malformed",
            "There is no such action.", "action");
    }

    if (in->nids == 0) {
        return ngx_http_social_error(in, NGX_HTTP_BAD_REQUEST, "malformed",
            "No comment was chosen.", "id");
    }

    if (act->act) {
        return ngx_http_social_act_state(in, act->act);
    }

    if (in->nids != 1) {
        return ngx_http_social_error(in, NGX_HTTP_BAD_REQUEST, "malformed",
            "Choose one comment for this.", "id");
    }

    return act->name[0] == 'e' ? ngx_http_social_act_edit(in)
                               : ngx_http_social_act_reply(in, &author);
}


static void
ngx_http_social_moderate_body(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_input_of(r);

    rc = ngx_http_social_input_parse(in);

    if (rc == NGX_OK && in->answered == 0) {
        rc = ngx_http_social_act(in);
    }

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


ngx_int_t
ngx_http_social_moderate_handler(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_str_t                 author;
    ngx_http_social_rec_t    *rec;
    ngx_http_social_input_t  *in;

    rec = ngx_http_social_rec(r);
    in = rec ? ngx_http_social_input(r, rec) : NULL;

    if (in == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rec->input = in;

    if (r->uri.len != rec->site->moderate.len) {
        return ngx_http_social_error(in, NGX_HTTP_NOT_FOUND, "path",
                                     "There is nothing at this address.",
                                     NULL);
    }

    rc = ngx_http_social_moderator(r, rec->site, &author);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc != NGX_OK) {
        return ngx_http_social_error(in, NGX_HTTP_FORBIDDEN, "author",
            "Nobody is signed in here: protect this location, for example "
            "with auth_basic.", NULL);
    }

    if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {

        if (ngx_http_discard_request_body(r) != NGX_OK
            || ngx_http_social_moderator_cookie(r, rec->site, &author)
               != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_http_social_queue_get(in, &author);
    }

    if (r->method != NGX_HTTP_POST) {
        return ngx_http_social_error_method(in, "GET, HEAD, POST");
    }

    rc = ngx_http_social_input_check(in);

    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    in->call = in;
    r->request_body_in_single_buf = 1;

    rc = ngx_http_read_client_request_body(r, ngx_http_social_moderate_body);

    return rc >= NGX_HTTP_SPECIAL_RESPONSE ? rc : NGX_DONE;
}
