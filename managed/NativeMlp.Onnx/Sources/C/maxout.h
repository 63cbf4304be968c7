static inline void MODEL_maxout(int n, int pieces, float *x)
{
    for (int j = 0; j < n; j++)
        for (int p = 1; p < pieces; p++) {
            const float piece = x[p * n + j];
            if (piece != piece || x[j] < piece) x[j] = piece;
        }
}
