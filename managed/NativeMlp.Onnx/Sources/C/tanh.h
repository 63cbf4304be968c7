static inline float MODEL_tanh(float x)
{
    const uint32_t sign = MODEL_bits(x) & 0x80000000u;
    const float all = MODEL_float(MODEL_bits(x) & 0x7fffffffu), size = 10.0f < all ? 10.0f : all;
    float value;
    if (size < 0.55f) {
        const float square = size * size;
        float p = 2.505385029e-3f;
        p = MODEL_fma(p, square, -8.51181211e-3f);
        p = MODEL_fma(p, square, 2.181497611e-2f);
        p = MODEL_fma(p, square, -5.396436629e-2f);
        p = MODEL_fma(p, square, 0.133333231f);
        p = MODEL_fma(p, square, -0.3333333329f);
        value = MODEL_fma(p * square, size, size);
    } else {
        value = 1.0f - 2.0f / (MODEL_exp(size + size) + 1.0f);
    }
    return MODEL_float(MODEL_bits(value) + sign);
}
