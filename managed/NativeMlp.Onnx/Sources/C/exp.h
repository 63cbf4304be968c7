/* r in [-ln 2 / 2, ln 2 / 2] and n with x = n*ln 2 + r; returns exp(r) - 1. */
static inline float MODEL_reduce(float x, int32_t *n)
{
    const float magic = 12582912.0f, shifted = MODEL_fma(x, 1.44269504088896341f, magic), nf = shifted - magic;
    float r = MODEL_fma(nf, -0.693359375f, x), p = 1.9875691500e-4f;
    r = MODEL_fma(nf, 2.12194440e-4f, r);
    p = MODEL_fma(p, r, 1.3981999507e-3f);
    p = MODEL_fma(p, r, 8.3334519073e-3f);
    p = MODEL_fma(p, r, 4.1665795894e-2f);
    p = MODEL_fma(p, r, 1.6666665459e-1f);
    p = MODEL_fma(p, r, 5.0000001201e-1f);
    *n = (int32_t)(MODEL_bits(shifted) - MODEL_bits(magic));
    return MODEL_fma(p, r * r, r);
}

/* x*2^n in two steps. */
static inline float MODEL_scale_power(float x, int32_t n)
{
    const int32_t half = (n - (n & 1)) / 2, rest = n - half;
    const float part = x * MODEL_float((uint32_t)(half + 127) << 23);
    return part * MODEL_float((uint32_t)(rest + 127) << 23);
}

static inline float MODEL_exp(float x)
{
    int32_t n;
    const float below = 89.0f < x ? 89.0f : x, p = MODEL_reduce(-104.0f > below ? -104.0f : below, &n);
    return MODEL_scale_power(p + 1.0f, n);
}
