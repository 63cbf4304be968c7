/* A product that no compiler merges with a sum. */
static inline float MODEL_product(float a, float b)
{
    volatile float product = a * b;
    return product;
}
