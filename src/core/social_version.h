
/*
 * The version of module and program, and the only place where it is set.  The
 * packages' changelog, the manual pages and docs/changes.md repeat it;
 * t/version.t compares them.
 */

#ifndef SOCIAL_VERSION_H_INCLUDED
#define SOCIAL_VERSION_H_INCLUDED


#define SOCIAL_VERSION  "0.1.0"


#endif /* SOCIAL_VERSION_H_INCLUDED */
