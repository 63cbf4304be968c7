/* log(1 + x) for x in [0, 1]. */
static inline float MODEL_log1p(float x)
{
    const float sum = 1.0f + x, lost = x - (sum - 1.0f);
    const uint32_t bits = MODEL_bits(sum);
    const int32_t shifted = (int32_t)(bits - 0x3f3504f3u), e = (shifted - (int32_t)((uint32_t)shifted & 0x7fffffu)) / 8388608;
    const float m = MODEL_float(bits - ((uint32_t)e << 23)), ef = (float)e, f = m - 1.0f, f2 = f * f;
    float p = 7.0376836292e-2f;
    p = MODEL_fma(p, f, -1.1514610310e-1f);
    p = MODEL_fma(p, f, 1.1676998740e-1f);
    p = MODEL_fma(p, f, -1.2420140846e-1f);
    p = MODEL_fma(p, f, 1.4249322787e-1f);
    p = MODEL_fma(p, f, -1.6668057665e-1f);
    p = MODEL_fma(p, f, 2.0000714765e-1f);
    p = MODEL_fma(p, f, -2.4999993993e-1f);
    p = MODEL_fma(p, f, 3.3333331174e-1f);
    p = p * f * f2;
    p = MODEL_fma(ef, -2.12194440e-4f, p);
    p = MODEL_fma(f2, -0.5f, p);
    const float log_sum = MODEL_fma(ef, 0.693359375f, f + p) + (sum - sum);
    return log_sum + lost / sum;
}
