
/*
 * The geometry of charts, as the "d" of SVG paths.  y grows downwards, as in
 * SVG.  Boxes are stretched to their place on the page, so numbers are small
 * and whole.  Pure; any thread.
 */

#ifndef SOCIAL_STATUS_CHART_H_INCLUDED
#define SOCIAL_STATUS_CHART_H_INCLUDED


#include "social_out.h"


/* a band of a chart: values from 0 at y = zero to max at y = zero - height; a
 * height below 0 lets them hang down.  Values beyond max are cut */

typedef struct {
    double  max;
    int     zero;
    int     height;
    int     width;      /* of a step */
} social_chart_band_t;


/* the greatest value, at least 1; NAN counts as 0 */
double social_status_chart_max(const double *values, size_t n);

/* a line through the middles of the steps; NAN is 0 */
void social_status_chart_line(social_out_t *out,
    const social_chart_band_t *band, const double *values, size_t n);

/* the area between the line of steps and zero */
void social_status_chart_area(social_out_t *out,
    const social_chart_band_t *band, const double *values, size_t n);

/* bars with a gap between them, on top of those of `below` (NULL: none); a
 * value that is not 0 is at least one unit high */
void social_status_chart_bars(social_out_t *out,
    const social_chart_band_t *band, const double *values,
    const double *below, size_t n);

/* a triangle on y = zero in each step that has a value */
void social_status_chart_marks(social_out_t *out,
    const social_chart_band_t *band, const double *values, size_t n);


#endif /* SOCIAL_STATUS_CHART_H_INCLUDED */
