
/*
 * The URL of a store in PostgreSQL, as libpq reads it: where its host, its
 * parameters and a password stand in it.  nginx.conf, the program and the store
 * ask the same.  Pure; any thread.
 *
 *   postgresql://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?NAME=VALUE&...
 */

#ifndef SOCIAL_POSTGRES_URL_H_INCLUDED
#define SOCIAL_POSTGRES_URL_H_INCLUDED


#include "social.h"


#define SOCIAL_POSTGRES_URL  "postgresql://"


/* as they stand in the URL: percent-encoded */

typedef struct {
    social_str_t  name, value;
} social_postgres_param_t;


/* a parameter: of several with one name, the last, which counts for libpq.  1:
 * it is there.  The URL begins with SOCIAL_POSTGRES_URL, here and below */
int social_postgres_url_param(social_str_t url, const char *name,
    social_postgres_param_t *param);

/* the host, or hosts, with ports; percent-encoded.  "": this machine, by its
 * socket */
social_str_t social_postgres_url_host(social_str_t url);

/* 1: it has a password, or what may be meant for one, also an empty one */
int social_postgres_url_has_password(social_str_t url);

/* writes the URL with "***" in the place of passwords; returns the length.  buf
 * has room for SOCIAL_POSTGRES_URL_MASKED(url.len) bytes */
#define SOCIAL_POSTGRES_URL_MASKED(len)  (2 * (len) + 8)

size_t social_postgres_url_mask(social_str_t url, unsigned char *buf);

/* writes a value without percent-encoding, and a NUL, to buf of value.len + 1
 * bytes; *len is its length.  DECLINED: behind a "%" stands no byte, or NUL */
int social_postgres_url_decode(social_str_t value, unsigned char *buf,
    size_t *len);


#endif /* SOCIAL_POSTGRES_URL_H_INCLUDED */
