/* The float nearest to p + z, where s is p + z rounded to double already: what that rounding lost decides the
 * last bit of s (round to odd), so that the second rounding, to float, is as good as one. */
static float MODEL_round_once(double p, double z, double s)
{
    const double v = s - p, e = (p - (s - v)) + (z - v);
    int64_t sum_bits, error_bits;
    memcpy(&sum_bits, &s, sizeof s);
    memcpy(&error_bits, &e, sizeof e);
    if ((e < 0 || e > 0) && (sum_bits & 1) == 0) sum_bits += (sum_bits ^ error_bits) < 0 ? -1 : 1;
    memcpy(&s, &sum_bits, sizeof s);
    return (float)s;
}

/* a*b + c rounded once, without an instruction for it: the product of two floats is exact in double. */
static inline float MODEL_fma(float a, float b, float c)
{
    const double p = (double)a * (double)b, z = (double)c, s = p + z;
    uint64_t bits;
    memcpy(&bits, &s, sizeof s);
    if ((bits & 0x1fffffffu) == 0x10000000u || (bits << 1) - 1 < ((uint64_t)897 << 53) - 1) return MODEL_round_once(p, z, s);
    return (float)s;
}

static inline uint32_t MODEL_bits(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float MODEL_float(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}
