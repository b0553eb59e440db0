
/*
 * The action that moves a thread to another article: `to` is its key, or its
 * address as one copies it from the browser.  Event loop only.
 */

#include "ngx_http_social_admin_moderate.h"
#include "ngx_http_social_sync.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_zone.h"
#include "social_key.h"


static void
ngx_http_social_admin_moved_key(ngx_http_social_site_t *site, char *text,
    int64_t comments, int64_t change, ngx_uint_t moved)
{
    ngx_str_t         key;
    social_numbers_t  numbers;

    key.data = (u_char *) text;
    key.len = ngx_strlen(text);

    ngx_memzero(&numbers, sizeof(social_numbers_t));
    numbers.comments = comments;
    numbers.change = change;
    numbers.moved = (moved != 0);

    if (!ngx_http_social_sync_key_apply(site, &key, &numbers)) {
        (void) ngx_atomic_fetch_add(&site->zone->epoch, 1);
    }
}


ngx_int_t
ngx_http_social_admin_moved(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_uint_t       i;
    social_write_t  *write;

    for (i = 0; i < n; i++) {
        write = &posts[i]->write;

        if (write->status == SOCIAL_WROTE) {
            ngx_http_social_admin_moved_key(in->site, write->wrote_key,
                                            write->comments, write->change,
                                            0);

            ngx_http_social_admin_moved_key(in->site, write->wrote_from,
                                            write->left, write->change, 1);
        }
    }

    ngx_http_social_admin_act_event(in, posts, n);

    return ngx_http_social_admin_act_answer(in, posts, n);
}


/* the key that `to` says, in buf of SOCIAL_KEY_MAX bytes; NGX_DECLINED: none */

static ngx_int_t
ngx_http_social_admin_move_key(ngx_http_social_input_t *in, u_char *buf,
    ngx_str_t *key)
{
    ngx_int_t                rc;
    social_str_t             to;
    ngx_http_social_goal_t  *goal;

    to.data = in->to.data;
    to.len = in->to.len;
    *key = in->to;

    if (to.len == 0 || to.data[0] != '/') {
        rc = ngx_http_social_request_link_key(in, to, buf, &key->len);

        if (rc != NGX_OK) {
            return rc;
        }

        key->data = buf;
        to.data = buf;
        to.len = key->len;
    }

    if (social_key_check(to) != SOCIAL_OK
        || !ngx_http_social_view_key_article(in->site, key, &goal))
    {
        return NGX_DECLINED;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_social_admin_move(ngx_http_social_input_t *in)
{
    u_char                        buf[SOCIAL_KEY_MAX];
    ngx_int_t                     rc;
    ngx_str_t                     key;
    ngx_http_social_job_write_t  *posts, *post;

    rc = ngx_http_social_admin_move_key(in, buf, &key);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc != NGX_OK) {
        return ngx_http_social_request_error(
            in, in->to.len ? NGX_HTTP_NOT_FOUND : NGX_HTTP_BAD_REQUEST,
            in->to.len ? "article" : "malformed",
            in->to.len ? "There is no such article on this site."
                       : "The path of the other article is missing.", "to");
    }

    posts = ngx_http_social_admin_posts(in, SOCIAL_WRITE_MOVE,
                                        (social_act_e) 0, in->ids, in->nids,
                                        &key);
    if (posts == NULL) {
        return ngx_http_social_request_unavailable(in);
    }

    for (post = posts; post; post = post->next) {
        post->write.known =
                   (ngx_http_social_zone_slot_find(in->site, &key) != NULL);
    }

    return ngx_http_social_request_write(in, posts,
                                         ngx_http_social_admin_moved);
}
