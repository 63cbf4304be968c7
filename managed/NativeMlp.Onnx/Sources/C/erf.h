/* 1 - erf(|x|), whose digits are its own. */
static inline float MODEL_erfc(float x)
{
    const float size = MODEL_float(MODEL_bits(x) & 0x7fffffffu);
    if (size < 0.9f) {
        const float square = x * x;
        float p = 8.38707456e-5f;
        p = MODEL_fma(p, square, -8.14708112e-4f);
        p = MODEL_fma(p, square, 5.20145633e-3f);
        p = MODEL_fma(p, square, -2.68595881e-2f);
        p = MODEL_fma(p, square, 1.12836994e-1f);
        p = MODEL_fma(p, square, -3.76126340e-1f);
        p = MODEL_fma(p, square, 1.28379167e-1f);
        return 1.0f - MODEL_fma(p, size, size);
    }
    const float far = 10.3f < size ? 10.3f : size, u = 1.0f / (far + 2.0f), square = far * far;
    const float lost = MODEL_fma(far, far, 0.0f - square), bell = MODEL_exp(0.0f - square);
    float q = 22.80795642f;
    q = MODEL_fma(q, u, -27.39796356f);
    q = MODEL_fma(q, u, 4.377311067f);
    q = MODEL_fma(q, u, 2.22972235f);
    q = MODEL_fma(q, u, 2.811080353f);
    q = MODEL_fma(q, u, 1.980773041f);
    q = MODEL_fma(q, u, 1.127882176f);
    q = MODEL_fma(q, u, 0.5642030009f);
    return bell * (1.0f - lost) * q * u;
}
