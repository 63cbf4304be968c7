static inline float MODEL_sigmoid(float x)
{
    const float minus = 0.0f - x, e = MODEL_exp(x < minus ? x : minus), greater = 1.0f / (1.0f + e);
    return x < 0.0f ? e * greater : greater;
}
