
/*
 * The parameter `template`: replaces a built-in template by a file.
 *
 * A file is read and parsed once, here.  An error in it must stop nginx -t, so
 * it never reaches a page.  Runs while the configuration is read.
 */

#include "ngx_http_social_conf.h"


static char *ngx_http_social_conf_template_check(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
static char *ngx_http_social_conf_template_load(ngx_conf_t *cf,
    ngx_str_t *file, ngx_str_t *source);
static ngx_int_t ngx_http_social_conf_template_read(ngx_conf_t *cf,
    ngx_str_t *file, ngx_fd_t fd, ngx_str_t *source);
static char *ngx_http_social_conf_template_parse(ngx_conf_t *cf,
    ngx_str_t *name, ngx_str_t *source);


char *
ngx_http_social_conf_set_template(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_str_t                      *args, file;
    ngx_http_social_conf_source_t  *source;
    ngx_http_social_override_t     *override;

    args = cf->args->elts;

    if (ngx_http_social_conf_template_check(cf, draft) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    file = args[2];

    if (file.len == 0) {
        return ngx_http_social_conf_bad(cf, 2, "a file's path expected");
    }

    if (ngx_conf_full_name(cf->cycle, &file, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    source = ngx_http_social_conf_push(cf, &draft->sources,
                                       sizeof(ngx_http_social_conf_source_t));
    if (source == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_http_social_conf_set_pos(cf, &source->pos, draft->site, 2);

    if (ngx_http_social_conf_template_load(cf, &file, &source->source)
            != NGX_CONF_OK
        || ngx_http_social_conf_template_parse(cf, &args[1], &source->source)
               != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    override = ngx_http_social_conf_push(cf, &draft->site->overrides,
                                         sizeof(ngx_http_social_override_t));
    if (override == NULL) {
        return NGX_CONF_ERROR;
    }

    override->name = args[1];
    override->file = file;

    return NGX_CONF_OK;
}


/* checks the name: a built-in template that is not replaced yet */

static char *
ngx_http_social_conf_template_check(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    u_char                      *p, *last, names[512];
    ngx_str_t                   *args;
    ngx_uint_t                   i, n;
    const char                  *name;
    ngx_http_social_override_t  *override;

    args = cf->args->elts;

    override = draft->site->overrides ? draft->site->overrides->elts : NULL;
    n = draft->site->overrides ? draft->site->overrides->nelts : 0;

    for (i = 0; i < n; i++) {
        if (ngx_strcmp(override[i].name.data, args[1].data) == 0) {
            return ngx_http_social_conf_bad(cf, 1, "the template is already "
                                                   "replaced");
        }
    }

    p = names;
    last = names + sizeof(names);

    for (i = 0; (name = ngx_http_social_conf_template_name(i)) != NULL; i++) {

        if (ngx_strcmp(name, args[1].data) == 0) {
            return NGX_CONF_OK;
        }

        p = ngx_slprintf(p, last, "%s%s", i ? ", " : "", name);
    }

    return ngx_http_social_conf_bad(cf, 1, "the name of a template expected: "
                                           "%*s", (size_t) (p - names), names);
}


static char *
ngx_http_social_conf_template_load(ngx_conf_t *cf, ngx_str_t *file,
    ngx_str_t *source)
{
    char       *rv;
    ngx_fd_t    fd;
    ngx_int_t   rc;
    ngx_err_t   err;

    /* non-blocking: opening a FIFO would wait for a writer */

    fd = ngx_open_file(file->data, NGX_FILE_RDONLY|NGX_FILE_NONBLOCK,
                       NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        err = ngx_errno;
        return ngx_http_social_conf_bad(cf, 2, "cannot open \"%V\" (%d: %s)",
                                        file, err, strerror(err));
    }

    rc = ngx_http_social_conf_template_read(cf, file, fd, source);

    rv = NGX_CONF_OK;

    if (rc == NGX_DECLINED) {
        rv = ngx_http_social_conf_bad(cf, 2, "a file of at most %d bytes "
                                      "expected", SOCIAL_TEMPLATE_SIZE);
    } else if (rc != NGX_OK) {
        rv = NGX_CONF_ERROR;
    }

    if (ngx_close_file(fd) == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_ALERT, cf->log, ngx_errno,
                      ngx_close_file_n " \"%V\" failed", file);
    }

    return rv;
}


static ngx_int_t
ngx_http_social_conf_template_read(ngx_conf_t *cf, ngx_str_t *file,
    ngx_fd_t fd, ngx_str_t *source)
{
    ssize_t          n;
    ngx_file_info_t  fi;

    if (ngx_fd_info(fd, &fi) == NGX_FILE_ERROR || !ngx_is_file(&fi)
        || ngx_file_size(&fi) > SOCIAL_TEMPLATE_SIZE)
    {
        return NGX_DECLINED;
    }

    source->len = (size_t) ngx_file_size(&fi);
    source->data = ngx_pnalloc(cf->pool, source->len + 1);
    if (source->data == NULL) {
        return NGX_ERROR;
    }

    n = ngx_read_fd(fd, source->data, source->len);

    if (n != (ssize_t) source->len) {
        return NGX_DECLINED;
    }

    source->data[n] = '\0';

    return NGX_OK;
}


/* parses a template alone; its partials are checked once all are loaded */

static char *
ngx_http_social_conf_template_parse(ngx_conf_t *cf, ngx_str_t *name,
    ngx_str_t *source)
{
    int                       rc;
    social_template_set_t    *set;
    social_template_error_t   err;

    set = social_template_set_create();
    if (set == NULL) {
        return NGX_CONF_ERROR;
    }

    rc = social_template_set_add(set, (char *) name->data,
                                 (char *) source->data, source->len, &err);

    social_template_set_destroy(set);

    if (rc == SOCIAL_OK) {
        return NGX_CONF_OK;
    }

    return ngx_http_social_conf_bad(cf, 2, "not a valid mustache template: %s "
                                           "at line %ud, column %ud",
                                    err.message, err.line, err.column);
}


char *
ngx_http_social_conf_templates(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_uint_t                      i;
    ngx_http_social_site_t         *site;
    social_template_error_t         err;
    ngx_http_social_conf_source_t  *source;
    ngx_http_social_override_t     *override;

    site = draft->site;

    if (ngx_http_social_conf_page_templates(cf, site) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (site->overrides == NULL) {
        return NGX_CONF_OK;
    }

    override = site->overrides->elts;
    source = draft->sources->elts;

    for (i = 0; i < site->overrides->nelts; i++) {

        if (social_template_set_add(site->templates,
                                    (char *) override[i].name.data,
                                    (char *) source[i].source.data,
                                    source[i].source.len, &err)
            != SOCIAL_OK)
        {
            break;
        }

        /* checked after each template, so that the message names the one with
         * the missing partial */

        if (social_template_set_check(site->templates, &err) != SOCIAL_OK) {
            break;
        }
    }

    if (i < site->overrides->nelts) {
        (void) ngx_http_social_conf_bad_pos(cf, &source[i].pos,
                                            "%s at line %ud, column %ud",
                                            err.message, err.line,
                                            err.column);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}
