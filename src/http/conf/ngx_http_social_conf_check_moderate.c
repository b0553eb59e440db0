
/*
 * Checks of who can moderate: every social_moderate location asks for a
 * password, and no site whose comments can be held lacks the locations where
 * they are approved.
 *
 * Must not call auth_basic's module or need its symbol: nginx may be built
 * without it.  Runs while the configuration is read.
 */

#include "ngx_http_social_conf.h"


static const char *ngx_http_social_conf_check_open(ngx_conf_t *cf,
    ngx_http_core_loc_conf_t *clcf);
static const char *ngx_http_social_conf_check_basic(void **loc_conf,
    ngx_uint_t index);
static ngx_int_t ngx_http_social_conf_check_names_user(
    ngx_http_complex_value_t *author);


/*
 * $remote_user is set from any Authorization header where auth_basic is not in
 * force, and a constant is set for everybody.  Other authenticators have
 * variables of their own.
 */

ngx_int_t
ngx_http_social_conf_check_passwords(ngx_conf_t *cf,
    ngx_http_social_conf_t *scf)
{
    const char                       *why;
    ngx_uint_t                        i;
    ngx_http_social_site_t           *site;
    ngx_http_social_conf_location_t  *location;

    location = scf->locations.elts;

    for (i = 0; i < scf->locations.nelts; i++) {
        site = location[i].pos.site;

        if (ngx_strcmp(location[i].pos.param, "social_moderate") != 0
            || ngx_http_social_conf_check_names_user(site->author))
        {
            continue;
        }

        why = ngx_http_social_conf_check_open(cf, location[i].clcf);

        if (why) {
            return ngx_http_social_conf_bad_pos(cf, &location[i].pos,
                "anybody could moderate here, as %s and author is \"%V\": a "
                "location with auth_basic and auth_basic_user_file expected, "
                "or an author with the variable of another authenticator", why,
                &site->author->value);
        }
    }

    return NGX_OK;
}


/* 1 if the value has another variable than $remote_user; "$1" is a capture,
 * which no authenticator sets */

static ngx_int_t
ngx_http_social_conf_check_names_user(ngx_http_complex_value_t *author)
{
    size_t     offset;
    ngx_str_t  name;

    offset = 0;

    while (ngx_http_social_conf_variable(&author->value, &offset, &name) == 1) {

        if ((name.len != sizeof("remote_user") - 1
             || ngx_strncasecmp(name.data, (u_char *) "remote_user",
                                name.len) != 0)
            && !(name.data[0] >= '1' && name.data[0] <= '9'))
        {
            return 1;
        }
    }

    return 0;
}


/* why the location lets people in without a password; NULL: it does not */

static const char *
ngx_http_social_conf_check_open(ngx_conf_t *cf, ngx_http_core_loc_conf_t *clcf)
{
    ngx_uint_t     i, index;
    const char    *why;
    ngx_module_t **modules;

    modules = cf->cycle->modules;
    index = NGX_CONF_UNSET_UINT;

    for (i = 0; modules[i]; i++) {
        if (modules[i]->name
            && ngx_strcmp(modules[i]->name, "ngx_http_auth_basic_module") == 0)
        {
            index = modules[i]->ctx_index;
        }
    }

    if (index == NGX_CONF_UNSET_UINT) {
        return "this nginx has no auth_basic";
    }

    if (clcf->satisfy == NGX_HTTP_SATISFY_ANY) {
        return "\"satisfy any\" needs no password";
    }

    why = ngx_http_social_conf_check_basic(clcf->loc_conf, index);

    /* requests with other methods than limit_except allows have that block's
     * configuration */

    if (why == NULL && clcf->limit_except_loc_conf) {
        why = ngx_http_social_conf_check_basic(clcf->limit_except_loc_conf,
                                               index);
    }

    return why;
}


/*
 * The module's configuration begins with a pointer to the realm in every nginx
 * from 1.22 to 1.31.  Then comes the password file: a pointer to a complex
 * value, in older versions the value itself, whose first word is the length of
 * the path.  So a word of zero is a missing file, and nginx then asks for no
 * password.
 */

static const char *
ngx_http_social_conf_check_basic(void **loc_conf, ngx_uint_t index)
{
    void                     **words;
    ngx_http_complex_value_t  *realm;

    words = loc_conf[index];

    if (words == NULL || words[0] == NULL || words[0] == NGX_CONF_UNSET_PTR) {
        return "there is no auth_basic";
    }

    realm = words[0];

    if (realm->lengths) {
        return "auth_basic with a variable may become \"off\"";
    }

    if (realm->value.len == 3
        && ngx_strncmp(realm->value.data, "off", 3) == 0)
    {
        return "auth_basic is \"off\"";
    }

    if (words[1] == NULL || words[1] == NGX_CONF_UNSET_PTR) {
        return "there is no auth_basic_user_file";
    }

    return NULL;
}


/* comments can be held in every mode that takes comments: because of the
 * honeypot, links, words of `block` or a ban */

void
ngx_http_social_conf_check_moderated(ngx_conf_t *cf,
    ngx_http_social_conf_t *scf)
{
    ngx_uint_t                i;
    ngx_http_social_site_t  **site;

    site = scf->main.sites.elts;

    for (i = 0; i < scf->main.sites.nelts; i++) {

        if (site[i]->comments == NGX_HTTP_SOCIAL_COMMENTS_CLOSED
            || site[i]->comments == NGX_HTTP_SOCIAL_COMMENTS_OFF)
        {
            continue;
        }

        if (site[i]->moderate.len == 0) {
            ngx_http_social_conf_warn(cf, site[i]->file, site[i]->line,
                "\"social_moderate\" has no location for site \"%V\": comments "
                "that are held cannot be approved", &site[i]->name);
        }

        if (site[i]->status.len == 0) {
            ngx_http_social_conf_warn(cf, site[i]->file, site[i]->line,
                "\"social_status\" has no location for site \"%V\": nobody "
                "sees that comments are held or unanswered", &site[i]->name);
        }
    }
}


/* a name that RFC 2606 reserves for examples, left in from the documentation */

ngx_uint_t
ngx_http_social_conf_check_is_example(ngx_str_t *origin)
{
    u_char       *p, *last;
    size_t        len;
    ngx_uint_t    i;

    static ngx_str_t  reserved[] = {
        ngx_string(".example"),
        ngx_string(".example.com"),
        ngx_string(".example.net"),
        ngx_string(".example.org")
    };

    last = origin->data + origin->len;
    p = ngx_strlcasestrn(origin->data, last, (u_char *) "://", 3 - 1);

    if (p == NULL) {
        return 0;
    }

    p += 2;

    for (len = 1; p + len < last && p[len] != ':' && p[len] != '/'; len++) {
        /* void */
    }

    /* p[0] is the slash before the host: takes the place of the dot */

    for (i = 0; i < social_nelts(reserved); i++) {

        if (len < reserved[i].len
            || ngx_strncasecmp(p + len - reserved[i].len + 1,
                               reserved[i].data + 1, reserved[i].len - 1) != 0)
        {
            continue;
        }

        if (len == reserved[i].len || p[len - reserved[i].len] == '.') {
            return 1;
        }
    }

    return 0;
}
