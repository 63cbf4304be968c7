/* The sum of 16 numbers in a fixed order. */
static inline float MODEL_sum(float lane[16])
{
    for (int step = 8; step > 0; step /= 2)
        for (int i = 0; i < step; i++) lane[i] += lane[i + step];
    return lane[0];
}
