/* How a number becomes inputs: scaled, its place among quantiles, and the values that many rows share. */
typedef struct {
    double median, center, spread;
    int clipped, indicator, knots, atoms;
    const double *knot, *atom;
} MODEL_number;

/* A product that no compiler merges with a sum. */
static inline double MODEL_times(double a, double b)
{
    volatile double product = a * b;
    return product;
}

static inline float MODEL_scaled(const MODEL_number *e, double value)
{
    double z = (value - e->center) / e->spread;
    z = z < -1e6 ? -1e6 : z > 1e6 ? 1e6 : z;
    return (float)(e->clipped ? z / sqrt(1 + MODEL_times(z / 3, z / 3)) : z);
}

/* 1 for each segment below the value, 0 above, in between the part of the way. */
static inline float MODEL_segment(double value, double below, double above)
{
    if (value <= below) return 0.0f;
    return value >= above ? 1.0f : (float)((value - below) / (above - below));
}

/* Writes the inputs of a number, NaN where it is missing; returns the place behind them. */
static inline float *MODEL_encode_number(const MODEL_number *e, double cell, float *x)
{
    const int missing = cell != cell;
    const double value = missing ? e->median : cell;
    if (e->spread > 0) *x++ = MODEL_scaled(e, value);
    for (int i = 0; i + 1 < e->knots; i++) *x++ = MODEL_segment(value, e->knot[i], e->knot[i + 1]);
    for (int i = 0; i < e->atoms; i++) *x++ = value == e->atom[i] ? 1.0f : 0.0f;
    if (e->indicator) *x++ = missing ? 1.0f : 0.0f;
    return x;
}

/* A number of a row; NaN for an infinity and for numbers that stand for a missing value. */
static inline double MODEL_cell(double number, const double *marks, int count)
{
    for (int i = 0; i < count; i++)
        if (number == marks[i]) return NAN;
    if (number - number != 0) return NAN;
    return number < -1e150 ? -1e150 : number > 1e150 ? 1e150 : number;
}
