
/*
 * The parameters of social_site: a function for each stores the arguments of a
 * directive in the site, or logs what is wrong with them.  Duplicates and the
 * number of arguments are checked before.
 *
 * Must not change the file system: it runs in nginx -t, too.  Runs while the
 * configuration is read.
 */

#include "ngx_http_social_conf.h"


#define NGX_HTTP_SOCIAL_CONF_ARTICLES  200      /* bytes of their text */


static ngx_int_t ngx_http_social_conf_word_index(ngx_str_t *word,
    const char *const *list);
static char *ngx_http_social_conf_network(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_array_t *networks);
static char *ngx_http_social_conf_unknown_network(ngx_conf_t *cf,
    ngx_uint_t arg);


static const char *const  ngx_http_social_conf_modes[] = {
    "first", "open", "hold", "closed", "off", NULL
};


static const char *const  ngx_http_social_conf_inserts[] = {
    "auto", "body", "marker", NULL
};


/* the index of a word in a list, or NGX_ERROR */

static ngx_int_t
ngx_http_social_conf_word_index(ngx_str_t *word, const char *const *list)
{
    ngx_int_t  i;

    for (i = 0; list[i]; i++) {
        if (word->len == ngx_strlen(list[i])
            && ngx_strncmp(word->data, list[i], word->len) == 0)
        {
            return i;
        }
    }

    return NGX_ERROR;
}


void *
ngx_http_social_conf_push(ngx_conf_t *cf, ngx_array_t **array, size_t size)
{
    if (*array == NULL) {
        *array = ngx_array_create(cf->pool, 4, size);
        if (*array == NULL) {
            return NULL;
        }
    }

    return ngx_array_push(*array);
}


char *
ngx_http_social_conf_set_origin(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_str_t  *origin;

    origin = &draft->site->origin;

    if (ngx_http_social_conf_origin(cf, 1, origin, &draft->site->base)
        != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    if (ngx_http_social_conf_check_is_example(origin)) {
        ngx_http_social_conf_warn(cf, cf->conf_file->file.name.data,
                                  ngx_http_social_conf_line(cf, 1),
                                  "\"%V\" of \"origin\" is an address for "
                                  "examples: write the one of your own site",
                                  origin);
    }

    return NGX_CONF_OK;
}


char *
ngx_http_social_conf_set_store(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_http_social_conf_set_pos(cf, &draft->store, draft->site, 1);

    return ngx_http_social_conf_store(cf, 1, draft->site);
}


char *
ngx_http_social_conf_set_zone(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    off_t       size;
    ngx_str_t  *args;

    args = cf->args->elts;
    size = ngx_parse_offset(&args[1]);

    if (size < 256 * 1024 || size > (off_t) 16 << 30) {
        return ngx_http_social_conf_bad(cf, 1, "a size from 256k to 16g "
                                        "expected");
    }

    draft->site->zone_size = (size_t) size;

    return NGX_CONF_OK;
}


char *
ngx_http_social_conf_set_flush(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_int_t   time;
    ngx_str_t  *args;

    args = cf->args->elts;

    time = ngx_http_social_conf_time(&args[1], 0, 100, 3600 * 1000);
    if (time == NGX_ERROR) {
        return ngx_http_social_conf_bad(cf, 1, "a time from 100ms to 1h "
                                        "expected");
    }

    draft->site->flush = (ngx_msec_t) time;

    return NGX_CONF_OK;
}


/* adds this `article` to the text that messages show; of very many only the
 * first ones */

static char *
ngx_http_social_conf_article_text(ngx_conf_t *cf, ngx_str_t *text)
{
    size_t       len;
    u_char      *p, *data;
    ngx_str_t   *args;
    ngx_uint_t   i;

    args = cf->args->elts;
    len = text->len + sizeof(", ");

    for (i = 0; i < cf->args->nelts; i++) {
        len += 1 + args[i].len;
    }

    if (text->len && len > NGX_HTTP_SOCIAL_CONF_ARTICLES) {
        return NGX_CONF_OK;
    }

    data = ngx_pnalloc(cf->pool, len);
    if (data == NULL) {
        return NGX_CONF_ERROR;
    }

    p = ngx_sprintf(data, "%V", text);

    for (i = 0; i < cf->args->nelts; i++) {
        p = ngx_sprintf(p, "%s%V", i ? " " : text->len ? ", " : "", &args[i]);
    }

    *p = '\0';
    text->data = data;
    text->len = p - data;

    return NGX_CONF_OK;
}


char *
ngx_http_social_conf_set_article(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_http_social_pattern_t  *pattern;

    pattern = ngx_http_social_conf_push(cf, &draft->site->articles,
                                        sizeof(ngx_http_social_pattern_t));
    if (pattern == NULL
        || ngx_http_social_conf_article_text(cf, &draft->site->articles_text)
           != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    return ngx_http_social_conf_pattern(cf, 1, pattern);
}


char *
ngx_http_social_conf_set_key(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    return ngx_http_social_conf_value(cf, draft, 1, &draft->site->key);
}


char *
ngx_http_social_conf_set_insert(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_int_t   i;
    ngx_str_t  *args;

    static const social_html_mode_e  modes[] = {
        SOCIAL_HTML_AUTO, SOCIAL_HTML_BODY, SOCIAL_HTML_MARKER
    };

    args = cf->args->elts;

    i = ngx_http_social_conf_word_index(&args[1], ngx_http_social_conf_inserts);
    if (i == NGX_ERROR) {
        return ngx_http_social_conf_bad(cf, 1, "\"auto\", \"marker\" or "
                                        "\"body\" expected");
    }

    draft->site->insert = modes[i];

    return NGX_CONF_OK;
}


char *
ngx_http_social_conf_set_share(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_str_t    *args;
    ngx_uint_t    i;
    ngx_array_t  *networks;

    args = cf->args->elts;

    networks = ngx_array_create(cf->pool, cf->args->nelts, sizeof(void *));
    if (networks == NULL) {
        return NGX_CONF_ERROR;
    }

    draft->site->networks = networks;

    if (cf->args->nelts == 2 && ngx_strcmp(args[1].data, "off") == 0) {
        return NGX_CONF_OK;
    }

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_http_social_conf_network(cf, i, networks) != NGX_CONF_OK) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_social_conf_network(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_array_t *networks)
{
    ngx_str_t               *args;
    ngx_uint_t               i;
    social_str_t             id;
    const social_network_t  *net, **slot;

    args = cf->args->elts;

    for (i = 1; i < arg; i++) {
        if (args[i].len == args[arg].len
            && ngx_strncmp(args[i].data, args[arg].data, args[i].len) == 0)
        {
            return ngx_http_social_conf_bad(cf, arg, "the network is already "
                                                     "in this list");
        }
    }

    id.len = args[arg].len;
    id.data = args[arg].data;

    net = social_network_find(id);

    if (net && net->dead) {
        ngx_http_social_conf_warn(cf, cf->conf_file->file.name.data,
                                  ngx_http_social_conf_line(cf, arg),
                                  "\"%s\" was shut down in %s, it is not "
                                  "offered",
                                  net->id, net->dead);
        return NGX_CONF_OK;
    }

    if (net == NULL || !social_network_shareable(net)) {
        return ngx_http_social_conf_unknown_network(cf, arg);
    }

    slot = ngx_array_push(networks);
    if (slot == NULL) {
        return NGX_CONF_ERROR;
    }

    *slot = net;

    return NGX_CONF_OK;
}


static char *
ngx_http_social_conf_unknown_network(ngx_conf_t *cf, ngx_uint_t arg)
{
    u_char                  *p, *last, names[512];
    unsigned                 i;
    const social_network_t  *net;

    p = names;
    last = names + sizeof(names);

    for (i = 0; (net = social_network_at(i)) != NULL; i++) {
        if (social_network_shareable(net)) {
            p = ngx_slprintf(p, last, "%s%s", p == names ? "" : ", ",
                             net->id);
        }
    }

    return ngx_http_social_conf_bad(cf, arg, "\"off\" alone or names of "
                                             "networks expected: %*s",
                                    (size_t) (p - names), names);
}


char *
ngx_http_social_conf_set_comments(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_int_t   i, time;
    ngx_str_t  *args, text;

    args = cf->args->elts;

    i = ngx_http_social_conf_word_index(&args[1], ngx_http_social_conf_modes);
    if (i == NGX_ERROR) {
        return ngx_http_social_conf_bad(cf, 1, "\"open\", \"first\", "
                                        "\"hold\", \"closed\" or \"off\" "
                                        "expected");
    }

    draft->site->comments = (ngx_http_social_comments_e) i;

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    if (!ngx_http_social_conf_named(&args[2], "close=", &text)) {
        return ngx_http_social_conf_bad(cf, 2, "\"close=TIME\" expected");
    }

    time = ngx_http_social_conf_time(&text, 1, 1, NGX_HTTP_SOCIAL_CONF_LONG);
    if (time == NGX_ERROR) {
        return ngx_http_social_conf_bad(cf, 2, "a time such as \"close=30d\" "
                                        "expected");
    }

    draft->site->close = time;

    return NGX_CONF_OK;
}


char *
ngx_http_social_conf_set_reactions(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_str_t  *args;

    args = cf->args->elts;

    if (ngx_strcmp(args[1].data, "on") == 0) {
        draft->site->reactions = 1;

    } else if (ngx_strcmp(args[1].data, "off") == 0) {
        draft->site->reactions = 0;

    } else {
        return ngx_http_social_conf_bad(cf, 1, "\"on\" or \"off\" expected");
    }

    return NGX_CONF_OK;
}


char *
ngx_http_social_conf_set_goal(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_str_t               *args;
    ngx_uint_t               i;
    ngx_http_social_goal_t  *goal;

    args = cf->args->elts;

    if (!ngx_http_social_conf_is_name(&args[1], 31)) {
        return ngx_http_social_conf_bad(cf, 1, "a name of 1 to 31 letters, "
                                        "digits, \"-\" or \"_\" expected");
    }

    if (draft->site->goals) {
        goal = draft->site->goals->elts;

        for (i = 0; i < draft->site->goals->nelts; i++) {
            if (goal[i].name.len == args[1].len
                && ngx_strncmp(goal[i].name.data, args[1].data, args[1].len)
                   == 0)
            {
                return ngx_http_social_conf_bad(cf, 1, "another goal already "
                                                       "has this name");
            }
        }
    }

    goal = ngx_http_social_conf_push(cf, &draft->site->goals,
                                     sizeof(ngx_http_social_goal_t));
    if (goal == NULL) {
        return NGX_CONF_ERROR;
    }

    goal->name = args[1];

    return ngx_http_social_conf_pattern(cf, 2, &goal->pattern);
}


char *
ngx_http_social_conf_set_author(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    return ngx_http_social_conf_value(cf, draft, 1, &draft->site->author);
}


static void
ngx_http_social_conf_free_block(void *data)
{
    social_block_free(data);
}


static ngx_int_t
ngx_http_social_conf_add_block(ngx_conf_t *cf, ngx_http_social_site_t *site,
    ngx_str_t *text, ngx_uint_t caseless)
{
    int                  rc;
    social_str_t         pattern;
    social_block_t      *block;
    ngx_pool_cleanup_t  *cln;

    block = site->block;
    cln = block ? NULL : ngx_pool_cleanup_add(cf->pool, 0);

    if (block == NULL && cln == NULL) {
        return NGX_ERROR;
    }

    pattern.len = text->len;
    pattern.data = text->data;

    rc = social_block_add(&site->block, pattern, caseless);

    if (cln) {
        cln->handler = ngx_http_social_conf_free_block;
        cln->data = site->block;
    }

    return rc == SOCIAL_OK ? NGX_OK : NGX_ERROR;
}


/* REGEX, "~ REGEX" or "~* REGEX" */

char *
ngx_http_social_conf_set_block(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_str_t                  *args;
    ngx_uint_t                  last, caseless;
    ngx_http_social_pattern_t   pattern;

    args = cf->args->elts;
    last = cf->args->nelts - 1;
    caseless = 0;

    if (last == 2) {
        caseless = (ngx_strcmp(args[1].data, "~*") == 0);

        if (!caseless && ngx_strcmp(args[1].data, "~") != 0) {
            return ngx_http_social_conf_bad(cf, 1, "one regular expression "
                                                   "expected, in quotes if it "
                                                   "contains spaces");
        }
    }

    if (args[last].len == 0) {
        return ngx_http_social_conf_bad(cf, last,
                                        "a regular expression "
                                        "expected, this one is empty");
    }

    pattern.text = args[last];

    if (ngx_http_social_conf_regex(cf, last, &pattern, caseless, 1)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    /* nginx has found no mistake in it; for threads it is compiled again */

    if (ngx_http_social_conf_add_block(cf, draft->site, &pattern.text, caseless)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_social_conf_set_ignore(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    return ngx_http_social_conf_value(cf, draft, 1, &draft->site->ignore);
}


char *
ngx_http_social_conf_set_language(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_str_t  *args;

    args = cf->args->elts;

    if (!ngx_http_social_conf_is_language(&args[1])) {
        return ngx_http_social_conf_bad(cf, 1, "one of the languages %s "
                                        "expected, such as \"de\" or "
                                        "\"de-AT\"",
                                        ngx_http_social_conf_language_list(cf));
    }

    draft->site->language = args[1];

    return NGX_CONF_OK;
}


char *
ngx_http_social_conf_set_privacy(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_str_t  *args;

    args = cf->args->elts;

    if (!ngx_http_social_conf_is_link(&args[1])) {
        return ngx_http_social_conf_bad(cf, 1, "an \"https://...\" address or "
                                        "a path that begins with \"/\" "
                                        "expected, special characters "
                                        "percent-encoded");
    }

    draft->site->privacy = args[1];

    return NGX_CONF_OK;
}
