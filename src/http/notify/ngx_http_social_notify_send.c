
/*
 * One HTTP request to the receiver: connect, write, read the header of the
 * answer, close.  All of it takes NOTIFY_TIMEOUT at most.  Redirects are not
 * followed, bodies are not read.
 *
 * nginx must not log errors of this connection: they would come with each try,
 * and with the path of a socket.  Event loop only.
 */

#include "ngx_http_social_notify.h"
#include "social_version.h"


static void ngx_http_social_notify_send_write(ngx_event_t *ev);
static void ngx_http_social_notify_send_read(ngx_event_t *ev);


static void
ngx_http_social_notify_send_finish(ngx_http_social_notify_send_t *send,
    ngx_uint_t status, const char *why)
{
    if (send->peer.connection) {
        ngx_close_connection(send->peer.connection);
        send->peer.connection = NULL;
    }

    social_out_free(&send->request);

    send->done(send->data, status, why);
}


/* 1: an event that ends the request was handled */

static ngx_uint_t
ngx_http_social_notify_send_over(ngx_http_social_notify_send_t *send,
    ngx_event_t *ev)
{
    int                err;
    socklen_t          len;
    ngx_connection_t  *c = ev->data;

    if (c->close) {                     /* worker_shutdown_timeout */
        ngx_http_social_notify_send_finish(send, 0, NULL);
        return 1;
    }

    if (ev->timedout) {
        ngx_http_social_notify_send_finish(send, 0,
                                           "no answer within 5 seconds");
        return 1;
    }

    err = 0;
    len = sizeof(int);

    if (send->sent == 0
        && (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, (void *) &err, &len) == -1
            || err))
    {
        ngx_http_social_notify_send_finish(send, 0,
                                           "it does not accept connections");
        return 1;
    }

    return 0;
}


static void
ngx_http_social_notify_send_write(ngx_event_t *ev)
{
    size_t                          size;
    ssize_t                         n;
    ngx_connection_t               *c = ev->data;
    ngx_http_social_notify_send_t  *send = c->data;

    if (ngx_http_social_notify_send_over(send, ev)) {
        return;
    }

    for (size = send->request.len; send->sent < size; send->sent += n) {
        n = c->send(c, send->request.data + send->sent, size - send->sent);

        if (n == NGX_AGAIN) {
            break;
        }

        if (n <= 0) {
            /* it may have answered before it closed: read that */

            send->sent = size;
            ngx_post_event(c->read, &ngx_posted_events);
            return;
        }
    }

    if (ngx_handle_write_event(ev, 0) != NGX_OK) {
        ngx_http_social_notify_send_finish(send, 0, "a system error");
    }
}


static void
ngx_http_social_notify_send_answered(ngx_http_social_notify_send_t *send,
    int rc)
{
    if (rc == SOCIAL_OK) {
        ngx_http_social_notify_send_finish(send, send->answer.status, NULL);

    } else {
        ngx_http_social_notify_send_finish(send, 0,
                                           "its answer is not HTTP/1.x");
    }
}


static void
ngx_http_social_notify_send_read(ngx_event_t *ev)
{
    int                             rc;
    u_char                          buf[4096];
    ssize_t                         n;
    ngx_connection_t               *c = ev->data;
    ngx_http_social_notify_send_t  *send = c->data;

    if (ngx_http_social_notify_send_over(send, ev)) {
        return;
    }

    for ( ;; ) {
        n = c->recv(c, buf, sizeof(buf));

        if (n == NGX_AGAIN) {
            break;
        }

        if (n <= 0) {
            ngx_http_social_notify_send_finish(send, 0,
                                         "it closed the connection without "
                                         "an answer");
            return;
        }

        rc = social_answer_read(&send->answer, buf, (size_t) n);

        if (rc != SOCIAL_AGAIN) {
            ngx_http_social_notify_send_answered(send, rc);
            return;
        }
    }

    if (ngx_handle_read_event(ev, 0) != NGX_OK) {
        ngx_http_social_notify_send_finish(send, 0, "a system error");
    }
}


static void
ngx_http_social_notify_send_request(ngx_http_social_notify_send_t *send,
    ngx_http_social_receiver_t *receiver, const char *id, social_out_t *doc)
{
    social_out_t  *out;

    out = &send->request;
    social_out_init(out, SOCIAL_NOTICE_MAX + 8192);

    social_out_text(out, "POST ");
    social_out_bytes(out, receiver->uri.data, receiver->uri.len);
    social_out_text(out, " HTTP/1.1\r\nHost: ");
    social_out_bytes(out, receiver->host.data, receiver->host.len);
    social_out_text(out, "\r\nUser-Agent: ngx_social/" SOCIAL_VERSION
                    "\r\nContent-Type: application/json"
                    "\r\nIdempotency-Key: \"");
    social_out_text(out, id);
    social_out_text(out, "\"\r\nContent-Length: ");
    social_out_int(out, (int64_t) doc->len);
    social_out_text(out, "\r\nConnection: close\r\n\r\n");
    social_out_bytes(out, doc->data, doc->len);

    out->failed |= doc->failed;
}


void
ngx_http_social_notify_send(ngx_http_social_notify_send_t *send,
    ngx_http_social_receiver_t *receiver, const char *id, social_out_t *doc)
{
    ngx_int_t          rc;
    ngx_connection_t  *c;

    ngx_http_social_notify_send_request(send, receiver, id, doc);

    send->sent = 0;
    ngx_memzero(&send->answer, sizeof(social_answer_t));
    ngx_memzero(&send->peer, sizeof(ngx_peer_connection_t));

    if (send->request.failed) {
        ngx_http_social_notify_send_finish(send, 0, "no memory");
        return;
    }

    send->log = *ngx_cycle->log;
    send->log.log_level = NGX_LOG_EMERG;
    ngx_str_set(&send->name, "the receiver of notices");

    send->peer.sockaddr = receiver->sockaddr;
    send->peer.socklen = receiver->socklen;
    send->peer.name = &send->name;
    send->peer.get = ngx_event_get_peer;
    send->peer.log = &send->log;
    send->peer.log_error = NGX_ERROR_INFO;

    rc = ngx_event_connect_peer(&send->peer);

    if (rc != NGX_OK && rc != NGX_AGAIN) {
        ngx_http_social_notify_send_finish(send, 0,
                                           "it does not accept connections");
        return;
    }

    c = send->peer.connection;
    c->data = send;
    c->read->handler = ngx_http_social_notify_send_read;
    c->write->handler = ngx_http_social_notify_send_write;

    /* not cancelable: a worker that shuts down waits for the answer */

    ngx_add_timer(c->read, NGX_HTTP_SOCIAL_NOTIFY_TIMEOUT);

    if (rc == NGX_OK) {
        ngx_post_event(c->write, &ngx_posted_events);
    }
}
