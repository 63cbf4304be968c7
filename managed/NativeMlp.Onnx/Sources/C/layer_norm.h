static inline void MODEL_layer_norm(int n, const float *gamma, const float *beta, float epsilon, float *x)
{
    float sums[16] = {0}, squares[16] = {0};
    for (int j = 0; j < n; j++) sums[j % 16] += x[j];
    const float mean = MODEL_sum(sums) / (float)n;
    for (int j = 0; j < n; j++) squares[j % 16] = MODEL_fma(x[j] - mean, x[j] - mean, squares[j % 16]);
    const float scale = 1.0f / sqrtf(MODEL_sum(squares) / (float)n + epsilon);
    for (int j = 0; j < n; j++) x[j] = MODEL_fma(gamma[j], (x[j] - mean) * scale, beta[j]);
}
