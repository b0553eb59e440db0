
/*
 * The id of a comment as others see it: "c" and the number that the store
 * gave, as in "c42".  It begins with a letter, so that an element
 * id="comment-c42" never meets a theme's own "comment-42", nor the id that an
 * imported comment had before.
 *
 * Pure functions; any thread.
 */

#ifndef SOCIAL_ID_H_INCLUDED
#define SOCIAL_ID_H_INCLUDED


#include "social.h"


#define SOCIAL_ID_MAX      24       /* with its NUL */
#define SOCIAL_ORIGIN_MAX  64       /* bytes of an id of another system */
#define SOCIAL_ANCHOR_MAX  96       /* of an anchor, with its NUL */


/* id > 0 as text with a NUL; returns the length without it */
size_t social_id_text(int64_t id, char text[SOCIAL_ID_MAX]);

/* the number of an id; 0: this is none */
int64_t social_id_parse(const unsigned char *data, size_t len);

/*
 * 1 if the id that a comment had in another system may be a part of pages, of
 * id="comment-123": letters, digits, "_" and "-" only, and not like an id of
 * ours.
 */
int social_id_is_origin(const unsigned char *data, size_t len);

/*
 * The id="" that a comment's element had in another system, to which old links
 * lead.  `origin` is "FORMAT:ID", as the store gives it; for "isso:12" it is
 * "isso-12".  "" if ID may not be a part of pages.
 */
void social_id_anchor(const char *origin, char anchor[SOCIAL_ANCHOR_MAX]);

/* a whole number from 1 on, in decimal digits without leading zeros; 0: this
 * is none, or it has more than 18 digits */
int64_t social_id_number(const unsigned char *data, size_t len);


#endif /* SOCIAL_ID_H_INCLUDED */
