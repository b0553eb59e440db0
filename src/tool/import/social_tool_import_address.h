
/*
 * Addresses of other systems: a host and a path, or a path alone.
 */

#ifndef SOCIAL_TOOL_IMPORT_ADDRESS_H_INCLUDED
#define SOCIAL_TOOL_IMPORT_ADDRESS_H_INCLUDED


#include "social.h"


#define SOCIAL_TOOL_HOST  256


/* an address in parts; host "": a path only */

typedef struct {
    char           host[SOCIAL_TOOL_HOST];
    social_str_t   path;                /* with its query */
} social_tool_address_t;


/* in parts, which point into url; the host in lower case, without "www.", port
 * and user.  DECLINED: neither an address of the web nor a path */
int social_tool_address(social_str_t url, social_tool_address_t *address);

/* 1: a query says which article it is: WordPress's plain permalinks, drafts */
int social_tool_address_is_plain(social_str_t path);


#endif /* SOCIAL_TOOL_IMPORT_ADDRESS_H_INCLUDED */
