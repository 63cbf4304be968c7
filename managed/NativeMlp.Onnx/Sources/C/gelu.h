static inline float MODEL_gelu(float x)
{
    const float small = 0.5f * MODEL_erfc(x * 0.707106781f);
    return MODEL_product(x, x < 0.0f ? small : 1.0f - small);
}
