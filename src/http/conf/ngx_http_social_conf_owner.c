
/*
 * Warns, also in nginx -t, of a store that the worker user cannot use: a
 * directory on its path that it may not search, the last one if it may not
 * write there, and files of the database that it may not write.
 *
 * Reads owners and modes, and must not change anything.  Access control lists
 * are not read.  Where root starts nginx and no `user` stands before the http
 * block, nothing is known of the workers, and nothing is checked.
 */

#include "ngx_http_social_conf.h"

#include <grp.h>


#define NGX_HTTP_SOCIAL_CONF_GROUPS  64


typedef struct {
    ngx_conf_t  *cf;
    uid_t        uid;
    const char  *name;
    gid_t        groups[NGX_HTTP_SOCIAL_CONF_GROUPS];
    int          ngroups;
} ngx_http_social_conf_owner_t;


/* the user and groups of the workers; NGX_DECLINED: not known */

static ngx_int_t
ngx_http_social_conf_owner_user(ngx_conf_t *cf,
    ngx_http_social_conf_owner_t *owner)
{
    ngx_core_conf_t  *ccf;

    ngx_memzero(owner, sizeof(ngx_http_social_conf_owner_t));

    owner->cf = cf;
    owner->ngroups = NGX_HTTP_SOCIAL_CONF_GROUPS;

    if (geteuid() == 0) {
        ccf = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                               ngx_core_module);

        if (ccf->user == (ngx_uid_t) NGX_CONF_UNSET_UINT) {
            return NGX_DECLINED;
        }

        owner->uid = ccf->user;
        owner->name = ccf->username;

        if (getgrouplist(ccf->username, ccf->group, owner->groups,
                         &owner->ngroups) == -1)
        {
            owner->ngroups = NGX_HTTP_SOCIAL_CONF_GROUPS;
        }

        return NGX_OK;
    }

    owner->uid = geteuid();
    owner->name = "who starts nginx";
    owner->ngroups = getgroups(NGX_HTTP_SOCIAL_CONF_GROUPS - 1, owner->groups);
    owner->ngroups = ngx_max(owner->ngroups, 0);
    owner->groups[owner->ngroups++] = getegid();

    return NGX_OK;
}


/* 1 if the worker user has these bits of rwx */

static ngx_uint_t
ngx_http_social_conf_owner_may(ngx_http_social_conf_owner_t *owner,
    ngx_file_info_t *fi, mode_t bits)
{
    int  i;

    if (owner->uid == 0) {
        return 1;
    }

    if (fi->st_uid == owner->uid) {
        return ((fi->st_mode >> 6) & bits) == bits;
    }

    for (i = 0; i < owner->ngroups; i++) {
        if (fi->st_gid == owner->groups[i]) {
            return ((fi->st_mode >> 3) & bits) == bits;
        }
    }

    return (fi->st_mode & bits) == bits;
}


/* NGX_OK: it can be used; NGX_DECLINED: it does not exist, or cannot be looked
 * at; NGX_ERROR: warned */

static ngx_int_t
ngx_http_social_conf_owner_check(ngx_http_social_conf_owner_t *owner,
    ngx_http_social_conf_pos_t *store, u_char *path, mode_t bits)
{
    ngx_file_info_t  fi;

    if (ngx_file_info(path, &fi) == NGX_FILE_ERROR) {
        return NGX_DECLINED;
    }

    if (ngx_http_social_conf_owner_may(owner, &fi, bits)) {
        return NGX_OK;
    }

    ngx_http_social_conf_warn(
        owner->cf, store->file, store->line,
        "social_site \"%V\": the store will not work: the worker user \"%s\" "
        "cannot %s \"%s\", which belongs to user %ui and has mode %ui%ui%ui",
        &store->site->name, owner->name,
        bits == 1 ? "open what is in" : "write to", path,
        (ngx_uint_t) fi.st_uid, (ngx_uint_t) (fi.st_mode >> 6) & 7,
        (ngx_uint_t) (fi.st_mode >> 3) & 7, (ngx_uint_t) fi.st_mode & 7);

    return NGX_ERROR;
}


/* the directories down to the store's own */

static ngx_int_t
ngx_http_social_conf_owner_dirs(ngx_http_social_conf_owner_t *owner,
    ngx_http_social_conf_pos_t *store)
{
    size_t      i;
    u_char      path[NGX_MAX_PATH];
    ngx_int_t   rc;
    ngx_str_t  *dir;

    dir = &store->site->store_dir;

    if (dir->len >= NGX_MAX_PATH) {
        return NGX_DECLINED;
    }

    for (i = 1; i < dir->len; i++) {

        if (dir->data[i] != '/') {
            continue;
        }

        (void) ngx_cpystrn(path, dir->data, i + 1);
        rc = ngx_http_social_conf_owner_check(owner, store, path, 1);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return ngx_http_social_conf_owner_check(owner, store, dir->data, 3);
}


/* the database and what SQLite keeps beside it, as far as they are there */

static void
ngx_http_social_conf_owner_files(ngx_http_social_conf_owner_t *owner,
    ngx_http_social_conf_pos_t *store)
{
    u_char      path[NGX_MAX_PATH + sizeof("-wal")];
    ngx_uint_t  i;

    static const char *const  ends[] = { "", "-wal", "-shm" };

    for (i = 0; i < 3; i++) {
        *ngx_snprintf(path, sizeof(path) - 1, "%s%s",
                      store->site->store.data + sizeof("sqlite:") - 1, ends[i])
            = '\0';

        if (ngx_http_social_conf_owner_check(owner, store, path, 6)
            == NGX_ERROR)
        {
            return;
        }
    }
}


void
ngx_http_social_conf_warn_owner(ngx_conf_t *cf)
{
    ngx_uint_t                     i;
    ngx_http_social_conf_t        *scf;
    ngx_http_social_conf_pos_t    *store;
    ngx_http_social_conf_owner_t   owner;

    scf = ngx_http_conf_get_module_main_conf(cf, ngx_social_module);
    store = scf->stores.elts;

    if (ngx_http_social_conf_owner_user(cf, &owner) != NGX_OK) {
        return;
    }

    for (i = 0; i < scf->stores.nelts; i++) {
        if (store[i].site->store_dir.len
            && ngx_http_social_conf_owner_dirs(&owner, &store[i]) == NGX_OK)
        {
            ngx_http_social_conf_owner_files(&owner, &store[i]);
        }
    }
}
