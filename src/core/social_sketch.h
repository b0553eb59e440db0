
/*
 * How many different ones?  HyperLogLog over 64-bit hashes, in bytes that the
 * caller gives: zeros are an empty sketch, there is no pointer in it, so it
 * may lie in shared memory and be counted in by many processes at once.
 *
 * Formulas: O. Ertl, "New cardinality estimation algorithms for HyperLogLog
 * sketches", arXiv:1702.01284, section 2 (improved raw estimator): no tables
 * of biases, one formula from 0 upward.  Relative standard error
 * 1.04 / sqrt(32768) = 0.57 %.
 *
 * Hashes must be uniform (SipHash).  Needs -lm.  Any thread, no locks.
 */

#ifndef SOCIAL_SKETCH_H_INCLUDED
#define SOCIAL_SKETCH_H_INCLUDED


#include "social.h"


#define SOCIAL_SKETCH_BITS       15     /* of a hash: which register */
#define SOCIAL_SKETCH_REGISTERS  32768  /* bytes of a sketch */


/* 1 if the sketch changed; the same hash again never changes it */
int social_sketch_add(uint8_t *registers, uint64_t hash);

/* the estimate, rounded; what is added meanwhile may be in it or not */
uint64_t social_sketch_count(const uint8_t *registers);



#endif /* SOCIAL_SKETCH_H_INCLUDED */
