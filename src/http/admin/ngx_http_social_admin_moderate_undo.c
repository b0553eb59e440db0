
/*
 * The action that takes another one back: reads from the log what that was and
 * on which comments, then writes their states as they were.  Event loop, except
 * the run function.
 */

#include "ngx_http_social_admin_moderate.h"


/* who is copied to text */

typedef struct {
    ngx_http_social_read_t   read;      /* must be first */
    int64_t                  act;       /* 0: the last one */
    social_str_t             who;
    ngx_uint_t               found;
    unsigned                 can:1;     /* it can be taken back */
    unsigned                 move:1;
    ngx_uint_t               n;
    int64_t                  ids[SOCIAL_STORE_LOGGED];
    u_char                   text[1];
} ngx_http_social_admin_undo_t;


/* pool thread */

static void
ngx_http_social_admin_undo_found(void *data, const social_logged_t *act)
{
    int64_t                        id;
    const char                    *p;
    ngx_http_social_admin_undo_t  *undo = data;

    undo->found = 1;
    undo->act = act->id;
    undo->can = social_store_can_undo(act->action);
    undo->move = (act->n == 0 && act->from[0] != '\0');

    for (p = act->ids; *p && undo->n < SOCIAL_STORE_LOGGED; /* void */) {
        for (id = 0; *p >= '0' && *p <= '9'; p++) {
            id = id * 10 + (*p - '0');
        }

        undo->ids[undo->n++] = id;
        p += (*p == ',');
    }
}


static int
ngx_http_social_admin_undo_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    ngx_http_social_admin_undo_t  *undo = (ngx_http_social_admin_undo_t *) job;

    return social_store_logged(store, undo->act, undo->who,
                               ngx_http_social_admin_undo_found, undo,
                               &job->error);
}


static ngx_int_t
ngx_http_social_admin_undo_write(ngx_http_social_read_t *read)
{
    ngx_str_t                      none;
    static const int64_t           thread = 0;
    ngx_http_social_input_t       *in;
    ngx_http_social_job_write_t   *posts, *post;
    ngx_http_social_admin_undo_t  *undo;

    in = read->in;
    undo = (ngx_http_social_admin_undo_t *) read;

    if (!undo->found || !undo->can || (undo->n == 0 && !undo->move)) {
        return ngx_http_social_request_error(
            in, NGX_HTTP_NOT_FOUND, "action",
            undo->found ? "This action cannot be undone."
                        : "There is nothing to undo.", "act");
    }

    ngx_str_null(&none);

    posts = undo->move
            ? ngx_http_social_admin_posts(in, SOCIAL_WRITE_MOVE,
                                          SOCIAL_ACT_UNDO, &thread, 1, &none)
            : ngx_http_social_admin_posts(in, SOCIAL_WRITE_MODERATE,
                                          SOCIAL_ACT_UNDO, undo->ids, undo->n,
                                          &none);
    if (posts == NULL) {
        return ngx_http_social_request_unavailable(in);
    }

    for (post = posts; post; post = post->next) {
        post->write.undoes = undo->act;
    }

    return ngx_http_social_request_write(
        in, posts, undo->move ? ngx_http_social_admin_moved
                              : ngx_http_social_admin_act_written);
}


ngx_int_t
ngx_http_social_admin_undo(ngx_http_social_input_t *in)
{
    int64_t                        act;
    ngx_http_social_admin_undo_t  *undo;

    act = ngx_http_social_admin_act_number(in->act.data, in->act.len);

    if (act == 0 && in->act.len) {
        return ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "malformed",
            "The action must be one of the log, such as \"a12\".", "act");
    }

    undo = ngx_http_social_job_alloc(in->site, sizeof(*undo) + in->author.len,
                                     ngx_http_social_admin_undo_run, NULL);
    if (undo == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_social_request_read_init(&undo->read, in,
                                      ngx_http_social_admin_undo_write);

    ngx_memcpy(undo->text, in->author.data, in->author.len);
    undo->act = act;
    undo->who.data = undo->text;
    undo->who.len = in->author.len;

    return ngx_http_social_request_read_post(&undo->read);
}
