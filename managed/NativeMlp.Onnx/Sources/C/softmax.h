static inline void MODEL_softmax(int n, float *x)
{
    float lane[16] = {0}, greatest = x[0];
    for (int j = 1; j < n; j++) greatest = x[j] > greatest ? x[j] : greatest;
    for (int j = 0; j < n; j++) {
        x[j] = MODEL_exp(x[j] - greatest);
        lane[j % 16] += x[j];
    }
    const float sum = MODEL_sum(lane);
    for (int j = 0; j < n; j++) x[j] /= sum;
}
