
/*
 * The files of src/assets, unchanged, in the binary.  Constant data, any
 * thread.
 */

#ifndef SOCIAL_ASSET_H_INCLUDED
#define SOCIAL_ASSET_H_INCLUDED


#include "social.h"


typedef enum {
    SOCIAL_ASSET_TEMPLATE = 1,
    SOCIAL_ASSET_LANGUAGE,
    SOCIAL_ASSET_CSS,
    SOCIAL_ASSET_JS
} social_asset_e;


typedef struct {
    social_asset_e        kind;
    const char           *name;     /* "widget", "en", "widget.css" */
    const unsigned char  *data;
    const unsigned char  *end;
} social_asset_t;


/* the i-th file from 0, NULL at the end */
const social_asset_t *social_asset_at(unsigned i);


#endif /* SOCIAL_ASSET_H_INCLUDED */
