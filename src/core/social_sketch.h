
/*
 * Counts different values: HyperLogLog over 64-bit hashes, in memory of the
 * caller's.  All zeros is an empty sketch.  It has no pointers, so it may lie
 * in shared memory, and many processes may add to it at once.
 *
 * Formulas: O. Ertl, "New cardinality estimation algorithms for HyperLogLog
 * sketches", arXiv:1702.01284, section 2 (improved raw estimator), which needs
 * no bias tables.  Relative standard error 1.04 / sqrt(32768) = 0.57 %.
 *
 * Hashes must be uniform (SipHash).  Needs -lm.  Any thread, no locks.
 */

#ifndef SOCIAL_SKETCH_H_INCLUDED
#define SOCIAL_SKETCH_H_INCLUDED


#include "social.h"


#define SOCIAL_SKETCH_BITS       15     /* of a hash: choose the register */
#define SOCIAL_SKETCH_REGISTERS  32768  /* bytes of a sketch */


/* 1 if the sketch changed; adding the same hash again never changes it */
int social_sketch_add(uint8_t *registers, uint64_t hash);

/* the estimate, rounded; values that are added meanwhile may be missing */
uint64_t social_sketch_count(const uint8_t *registers);



#endif /* SOCIAL_SKETCH_H_INCLUDED */
