static inline float MODEL_expm1(float x)
{
    int32_t n;
    const float below = 80.0f < x ? 80.0f : x, p = MODEL_reduce(-104.0f > below ? -104.0f : below, &n);
    const float power = MODEL_scale_power(1.0f, n);
    return MODEL_fma(power, p, power - 1.0f);
}
