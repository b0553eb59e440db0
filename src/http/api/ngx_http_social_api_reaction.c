
/*
 * Likes: written by the next group commit, and answered only when they are on
 * disk.  A reader likes an article once a day; the next like takes it back.
 * The store decides which it is.  Event loop only.
 */

#include "ngx_http_social_api_comment_check.h"
#include "ngx_http_social_sync.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"


ngx_uint_t
ngx_http_social_api_is_active(ngx_http_social_input_t *in)
{
    return ngx_http_social_zone_marked_active(
        in->site,
        ngx_http_social_view_mark(in->request, in->rec,
                                  NGX_HTTP_SOCIAL_MARK_PAIR));
}


/* all workers show the new number */

static void
ngx_http_social_api_reaction_show(ngx_http_social_input_t *in,
    const social_write_t *write)
{
    ngx_http_social_slot_t  *slot;
    ngx_http_social_zone_t  *zone;

    zone = in->site->zone;
    slot = ngx_http_social_sync_article(in->site, &in->rec->key);

    if (slot == NULL) {
        /* no room: from now on unknown keys are looked up in the store */

        zone->keys_incomplete = 1;
        ngx_memory_barrier();
        (void) ngx_atomic_fetch_add(&zone->epoch, 1);
        return;
    }

    ngx_http_social_zone_likes_set(slot, write->likes, write->likes_changes);
    ngx_memory_barrier();
    (void) ngx_atomic_fetch_add(&slot->revision, 1);
    ngx_http_social_zone_comments_set(slot, write->comments, write->change);
}


/* the mark keeps a share of the same reader and day from counting as a second
 * active reader */

static void
ngx_http_social_api_reaction_mark(ngx_http_social_input_t *in,
    const social_write_t *write)
{
    uint64_t  client, pair;

    pair = ngx_http_social_view_mark(in->request, in->rec,
                                     NGX_HTTP_SOCIAL_MARK_PAIR);

    if (write->liked) {
        client = ngx_http_social_view_client(in->request, in->site);
        (void) ngx_http_social_zone_mark_active(in->site, client, pair);

    } else if (write->inactive) {
        ngx_http_social_zone_unmark_active(in->site, pair);
    }
}


static ngx_int_t
ngx_http_social_api_reaction_written(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    cJSON           *doc;
    social_write_t  *write;

    write = &posts[0]->write;

    ngx_http_social_api_reaction_show(in, write);
    ngx_http_social_api_reaction_mark(in, write);

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                   "social reaction: %s, %L now",
                   write->liked ? "new" : "taken back", write->likes);

    in->rec->event = NGX_HTTP_SOCIAL_EVENT_REACTION;
    in->rec->source = ngx_http_social_zone_first_touch(
        in->site, ngx_http_social_view_visitor(in->request, in->rec), NULL);

    if (write->liked) {
        ngx_str_set(&in->rec->state, "new");

    } else {
        ngx_str_set(&in->rec->state, "off");
    }

    if (in->json) {
        doc = cJSON_CreateObject();
        social_doc_number(doc, "reactions", (double) write->likes);
        social_doc_bool(doc, "on", write->liked);

        return ngx_http_social_request_reply_json(
            in->request, NGX_HTTP_OK, NGX_HTTP_SOCIAL_NO_STORE, doc);
    }

    return ngx_http_social_api_redirect(
        in, ngx_http_social_api_article_path(in->request, &in->rec->key, 0));
}


/* what ngx_http_social_api_check_comment() returns */

static ngx_int_t
ngx_http_social_api_reaction_check(ngx_http_social_input_t *in)
{
    (void) ngx_http_social_request_input_article(in);

    if (in->answered) {
        return NGX_DECLINED;
    }

    if (!in->site->reactions) {
        (void) ngx_http_social_request_error(in, NGX_HTTP_FORBIDDEN, "closed",
                                             "e_reactions",
                                             NULL);
        return NGX_DECLINED;
    }

    return ngx_http_social_api_rate_limit(in, 'c');
}


ngx_int_t
ngx_http_social_api_reaction(ngx_http_social_input_t *in)
{
    u_char                       *p;
    ngx_int_t                     rc;
    social_write_t               *write;
    ngx_http_social_job_write_t  *post;

    rc = ngx_http_social_api_reaction_check(in);

    if (rc != NGX_OK) {
        return ngx_http_social_request_check_result(in, rc);
    }

    post = ngx_http_social_job_write_alloc(in->site, in->rec->key.len);
    if (post == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = (u_char *) post + sizeof(ngx_http_social_job_write_t);
    write = &post->write;

    write->type = SOCIAL_WRITE_LIKE;
    write->known = 1;
    write->key = ngx_http_social_job_write_str(&p, &in->rec->key);
    write->reader = ngx_http_social_view_mark(in->request, in->rec,
                                              NGX_HTTP_SOCIAL_MARK_REACTION);
    write->active = ngx_http_social_api_is_active(in);
    write->shared = ngx_http_social_zone_marked_sharer(
        in->site, ngx_http_social_view_mark(in->request, in->rec,
                                            NGX_HTTP_SOCIAL_MARK_PAIR));
    write->day = (int64_t) in->site->zone->salt_day;

    if (ngx_http_social_view_commenter(in->request, in->site, write->commenter)
        == NGX_ERROR)
    {
        free(post);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_write(in, post,
                                         ngx_http_social_api_reaction_written);
}
