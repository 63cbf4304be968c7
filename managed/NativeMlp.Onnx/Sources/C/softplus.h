static inline float MODEL_softplus(float x)
{
    const float minus = 0.0f - x;
    return (0.0f > x ? 0.0f : x) + MODEL_log1p(MODEL_exp(x < minus ? x : minus));
}
