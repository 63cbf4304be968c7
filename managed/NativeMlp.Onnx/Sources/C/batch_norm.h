static inline void MODEL_batch_norm(int n, const float *gamma, const float *beta, const float *mean, const float *inverse, float *x)
{
    for (int j = 0; j < n; j++) x[j] = MODEL_fma(gamma[j], (x[j] - mean[j]) * inverse[j], beta[j]);
}
