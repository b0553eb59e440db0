
/*
 * Reads the lines of nginx's add_header, which acts below us: Cache-Control
 * or a Content-Security-Policy from nginx.conf counts like one that came with
 * the answer.
 *
 * The configuration of nginx's headers module is private.  Its command table
 * gives the offset of add_header's array, and an element begins with the
 * value and the name, in nginx 1.22 to mainline.  A smaller element or another
 * table: no line is found.  Event loop only.
 */


#include "ngx_http_social_filter.h"


typedef struct {
    ngx_http_complex_value_t  value;
    ngx_str_t                 key;
} ngx_http_social_filter_added_t;


extern ngx_module_t  ngx_http_headers_filter_module;


static ngx_uint_t  ngx_http_social_filter_added_offset;
static ngx_uint_t  ngx_http_social_filter_added_known;


void
ngx_http_social_filter_add_header_init(void)
{
    ngx_command_t  *cmd;

    ngx_http_social_filter_added_known = 0;

    for (cmd = ngx_http_headers_filter_module.commands; cmd->name.len; cmd++)
    {
        if (cmd->name.len == sizeof("add_header") - 1
            && ngx_strncmp(cmd->name.data, "add_header", cmd->name.len) == 0
            && cmd->conf == NGX_HTTP_LOC_CONF_OFFSET)
        {
            ngx_http_social_filter_added_offset = cmd->offset;
            ngx_http_social_filter_added_known = 1;
        }
    }
}


void
ngx_http_social_filter_add_header(ngx_http_request_t *r,
    ngx_http_social_filter_header_pt handler, void *data)
{
    u_char                          *conf, *p;
    ngx_str_t                        value;
    ngx_uint_t                       i, what;
    ngx_array_t                     *added;
    ngx_table_elt_t                  h;
    ngx_http_social_filter_added_t  *line;

    if (!ngx_http_social_filter_added_known) {
        return;
    }

    conf = ngx_http_get_module_loc_conf(r, ngx_http_headers_filter_module);

    added = *(ngx_array_t **) (conf + ngx_http_social_filter_added_offset);

    if (added == NULL || added->size < sizeof(ngx_http_social_filter_added_t)) {
        return;
    }

    p = added->elts;

    for (i = 0; i < added->nelts; i++, p += added->size) {
        line = (ngx_http_social_filter_added_t *) p;

        what = ngx_http_social_filter_header_name(&line->key);

        if (what == 0
            || ngx_http_complex_value(r, &line->value, &value) != NGX_OK
            || value.len == 0)
        {
            continue;
        }

        ngx_memzero(&h, sizeof(ngx_table_elt_t));

        h.hash = 1;
        h.key = line->key;
        h.value = value;

        handler(r, &h, what, data);
    }
}
