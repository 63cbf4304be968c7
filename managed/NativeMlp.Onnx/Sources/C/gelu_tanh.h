static inline float MODEL_gelu_tanh(float x)
{
    return MODEL_product(x, MODEL_sigmoid(x * MODEL_fma(0.0713548163f, x * x, 1.59576912f)));
}
