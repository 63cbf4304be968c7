/* y = x*w + b: each sum is one chain from its bias, in the order of the inputs. */
static inline void MODEL_dense(int inputs, int outputs, const float *w, const float *b, const float *x, float *y)
{
    for (int j = 0; j < outputs; j++) y[j] = b[j];
    for (int p = 0; p < inputs; p++)
        for (int j = 0; j < outputs; j++) y[j] = MODEL_fma(x[p], w[p * outputs + j], y[j]);
}
