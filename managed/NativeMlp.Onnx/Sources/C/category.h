/* Writes the inputs of a category that has a place of its own, or none (-1); returns the place behind them. */
static inline float *MODEL_encode_category(int place, int places, int two, float *x)
{
    if (two) {
        *x = place == 0 ? -1.0f : place == 1 ? 1.0f : 0.0f;
        return x + 1;
    }
    for (int i = 0; i < places; i++) x[i] = i == place ? 1.0f : 0.0f;
    return x + places;
}
