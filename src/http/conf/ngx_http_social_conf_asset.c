
/*
 * Style sheets and scripts as they are sent: without comments and indentation.
 * Made once, when nginx reads its configuration.
 */

#include "ngx_http_social_conf.h"
#include "social_asset.h"
#include "social_asset_compact.h"


static ngx_int_t
ngx_http_social_conf_asset(ngx_conf_t *cf, ngx_array_t *assets,
    const social_asset_t *file)
{
    social_str_t              text;
    ngx_http_social_asset_t  *asset;

    asset = ngx_array_push(assets);
    if (asset == NULL) {
        return NGX_ERROR;
    }

    text.data = file->data;
    text.len = file->end - file->data;

    asset->body.data = ngx_pnalloc(cf->pool, text.len);
    if (asset->body.data == NULL) {
        return NGX_ERROR;
    }

    asset->name = file->name;
    asset->type = file->kind == SOCIAL_ASSET_CSS
                  ? "text/css; charset=utf-8"
                  : "text/javascript; charset=utf-8";
    asset->body.len = social_asset_compact(text,
                                           file->kind == SOCIAL_ASSET_JS,
                                           asset->body.data);
    asset->hash = ngx_crc32_long(asset->body.data, asset->body.len);

    return NGX_OK;
}


ngx_int_t
ngx_http_social_conf_assets(ngx_conf_t *cf, ngx_array_t *assets)
{
    unsigned               i;
    const social_asset_t  *file;

    if (ngx_array_init(assets, cf->pool, 4, sizeof(ngx_http_social_asset_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; (file = social_asset_at(i)) != NULL; i++) {

        if ((file->kind == SOCIAL_ASSET_CSS || file->kind == SOCIAL_ASSET_JS)
            && ngx_http_social_conf_asset(cf, assets, file) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
