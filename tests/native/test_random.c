/* SPDX-License-Identifier: MIT
 *
 * Random numbers: compares the generator with the published vectors of Philox4x32-10, and checks
 * that values depend only on (seed, stream, position), and their distributions. */

#include "test_support.h"

/* Philox4x32-10 as its authors define it: counter and key as little-endian words. */
static void philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t k0 = key[0], k1 = key[1];
    memcpy(out, counter, 4 * sizeof *out);
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = UINT64_C(0xd2511f53) * out[0], p1 = UINT64_C(0xcd9e8d57) * out[2];
        uint32_t next[4] = {(uint32_t)(p1 >> 32) ^ out[1] ^ k0, (uint32_t)p1,
                            (uint32_t)(p0 >> 32) ^ out[3] ^ k1, (uint32_t)p0};
        memcpy(out, next, sizeof next);
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
}

/* The word at a position: block position/4 of the stream, keyed by the seed. */
static uint32_t word_at(uint64_t seed, uint64_t stream, uint64_t position)
{
    uint64_t block = position / 4;
    uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)stream,
                           (uint32_t)(stream >> 32)};
    uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)}, out[4];
    philox(counter, key, out);
    return out[position % 4];
}

static void test_philox__published_vectors(void)
{
    static const struct {
        uint32_t counter[4], key[2], out[4];
    } vectors[] = {
        {{0}, {0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        uint32_t out[4];
        philox(vectors[i].counter, vectors[i].key, out);
        CHECK_THAT(memcmp(out, vectors[i].out, sizeof out) == 0, "vector %zu: %08x", i,
                   (unsigned)out[0]);
    }
    float u[4];
    CHECK_OK(nmlp_random_uniform(0, 0, 0, 4, 0, 1, u));
    for (size_t i = 0; i < 4; i++)
        CHECK_THAT(u[i] == (float)(vectors[0].out[i] >> 8) * 0x1p-24f, "word %zu: %.9g", i,
                   (double)u[i]);
}

static const struct {
    uint64_t seed, stream, offset;
} places[] = {
    {0, 0, 0},
    {1, 0, 1},
    {1, 1, 31},
    {UINT64_C(0x299f31d0a4093822), UINT64_C(0x0370734413198a2e), UINT64_C(0x1234567890)},
    {UINT64_MAX, UINT64_MAX, UINT64_C(0xfffffff3)},
    {7, UINT64_C(1) << 32, (UINT64_C(1) << 34) - 5},
    {UINT64_C(1) << 63, 3, UINT64_MAX - 4000},
};

static void test_uniform__bits(void)
{
    enum { N = 1000 };
    float u[N];
    for (size_t p = 0; p < COUNT_OF(places); p++) {
        CHECK_OK(
            nmlp_random_uniform(places[p].seed, places[p].stream, places[p].offset, N, 0, 1, u));
        size_t wrong = 0;
        for (size_t i = 0; i < N; i++) {
            uint32_t word = word_at(places[p].seed, places[p].stream, places[p].offset + i);
            wrong += u[i] != (float)(word >> 8) * 0x1p-24f;
        }
        CHECK_THAT(wrong == 0, "place %zu: %zu values differ from Philox", p, wrong);
    }
}

/* Between low and high, excluding high even for the largest u. */
static void test_uniform__range(void)
{
    static const struct {
        float low, high;
    } ranges[] = {{0, 1},   {1, 2},     {-1, 1},           {-0.25f, 0.3f},
                  {-2, -1}, {100, 101}, {-1e-30f, 1e-30f}, {8, 8.5f}};
    enum { N = 4096, SEED = 1, STREAM = 0 };
    static float u[N], x[N];
    const uint64_t greatest = UINT64_C(25275781); /* its word begins with 24 ones */
    CHECK(word_at(SEED, STREAM, greatest) >> 8 == 0xffffff);
    for (size_t r = 0; r < COUNT_OF(ranges); r++) {
        double low = (double)ranges[r].low, high = (double)ranges[r].high;
        double most = fmax(fabs(low), fabs(high));
        uint64_t offset = greatest - N / 2;
        CHECK_OK(nmlp_random_uniform(SEED, STREAM, offset, N, 0, 1, u));
        CHECK_OK(nmlp_random_uniform(SEED, STREAM, offset, N, ranges[r].low, ranges[r].high, x));
        for (size_t i = 0; i < N; i++) {
            CHECK_NEAR("low + (high - low)*u", i, low + (high - low) * (double)u[i], (double)x[i],
                       2 * EPS * most);
            CHECK_THAT((double)x[i] >= low && (double)x[i] < high, "[%g, %g): %.9g for u = %.9g",
                       low, high, (double)x[i], (double)u[i]);
        }
    }
}

/* Values are computed in groups of 32: the first 16 words give the radii (u + 2^-24, in (0, 1]),
 * the other 16 the angles. Cosines come first, then sines. */
static void test_normal__box_and_muller(void)
{
    enum { N = 3200 };
    static float z[N], shifted[N];
    const double pi = 3.14159265358979323846;
    for (size_t p = 0; p < COUNT_OF(places); p++) {
        uint64_t seed = places[p].seed, stream = places[p].stream, offset = places[p].offset;
        CHECK_OK(nmlp_random_normal(seed, stream, offset, N, 0, 1, z));
        CHECK_OK(nmlp_random_normal(seed, stream, offset, N, 3, 0.5f, shifted));
        for (size_t i = 0; i < N; i++) {
            uint64_t position = offset + i, first = position - position % 32 + position % 16;
            double u1 = ((word_at(seed, stream, first) >> 8) + 1) * 0x1p-24;
            double u2 = (word_at(seed, stream, first + 16) >> 8) * 0x1p-24;
            double radius = sqrt(-2 * log(u1));
            double expected = radius * (position % 32 < 16 ? cos(2 * pi * u2) : sin(2 * pi * u2));
            CHECK_NEAR("z", i, expected, (double)z[i], 4 * EPS * radius);
            CHECK_NEAR("mean + stddev*z", i, 3 + 0.5 * expected, (double)shifted[i],
                       EPS * (3 + 3 * radius));
        }
    }
}

static void test_values__depend_on_position_alone(void)
{
    enum { N = 700 };
    float uniform[N], normal[N];
    const uint64_t seed = 11, stream = 5, base = UINT64_C(4294967200);
    CHECK_OK(nmlp_random_uniform(seed, stream, base, N, -1, 1, uniform));
    CHECK_OK(nmlp_random_normal(seed, stream, base, N, 0, 1, normal));
    guarded place = guarded_create(N * sizeof(float));
    for (size_t n = 0; n <= 257; n++) {
        for (int end = 0; end < 2; end++) {
            size_t skip = n * 7 % (N - 257);
            float *x = guarded_floats(&place, n, end);
            CHECK_OK(nmlp_random_uniform(seed, stream, base + skip, n, -1, 1, x));
            CHECK_BITS("uniform", uniform + skip, x, n);
            CHECK_OK(nmlp_random_normal(seed, stream, base + skip, n, 0, 1, x));
            CHECK_BITS("normal", normal + skip, x, n);
        }
    }
    guarded_destroy(&place);
    hash_print("uniform", hash_bytes(hash_start, uniform, sizeof uniform));
    hash_print("normal", hash_bytes(hash_start, normal, sizeof normal));
}

/* Moments of a million values, within five standard errors. */
static void test_values__distribution(void)
{
    enum { N = 1 << 20 };
    float *x = test_floats(N);
    double sum = 0, squares = 0, cubes = 0, fourths = 0, lag = 0;
    CHECK_OK(nmlp_random_uniform(3, 0, 0, N, 0, 1, x));
    size_t bins[16] = {0};
    for (size_t i = 0; i < N; i++) {
        sum += (double)x[i] - 0.5;
        squares += ((double)x[i] - 0.5) * ((double)x[i] - 0.5);
        bins[(size_t)(x[i] * 16)]++;
    }
    CHECK_NEAR("uniform mean", 0, 0.5, 0.5 + sum / N, 5 * sqrt(1.0 / 12 / N));
    CHECK_NEAR("uniform variance", 0, 1.0 / 12, squares / N, 5 * sqrt(1.0 / 180 / N));
    for (size_t i = 0; i < 16; i++)
        CHECK_NEAR("uniform bin", i, N / 16.0, (double)bins[i], 5 * sqrt(N / 16.0));

    CHECK_OK(nmlp_random_normal(3, 1, 0, N, 0, 1, x));
    sum = squares = 0;
    for (size_t i = 0; i < N; i++) {
        double z = (double)x[i];
        sum += z;
        squares += z * z;
        cubes += z * z * z;
        fourths += z * z * z * z;
        lag += i < 16 ? 0 : z * (double)x[i - 16];
    }
    CHECK_NEAR("normal mean", 0, 0, sum / N, 5 * sqrt(1.0 / N));
    CHECK_NEAR("normal variance", 0, 1, squares / N, 5 * sqrt(2.0 / N));
    CHECK_NEAR("normal third moment", 0, 0, cubes / N, 5 * sqrt(15.0 / N));
    CHECK_NEAR("normal fourth moment", 0, 3, fourths / N, 5 * sqrt(96.0 / N));
    CHECK_NEAR("cosine against sine", 0, 0, lag / N, 5 * sqrt(1.0 / N));
    free(x);
}

static void check_permutation(uint64_t seed, uint64_t stream, size_t count)
{
    guarded place = guarded_create(count * sizeof(int32_t));
    int32_t *order = guarded_bytes(&place, count * sizeof(int32_t), count % 2);
    unsigned char *seen = test_alloc(count);
    memset(seen, 0, count);
    CHECK_OK(nmlp_random_permutation(seed, stream, count, order));
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        if (order[i] < 0 || (size_t)order[i] >= count || seen[order[i]]++) wrong++;
    }
    CHECK_THAT(wrong == 0, "%zu of %zu are no permutation", wrong, count);
    free(seen);
    guarded_destroy(&place);
}

static void test_permutation__holds_each_once(void)
{
    for (size_t count = 0; count <= 257; count++) check_permutation(count, 1, count);
    check_permutation(1, 2, 60000);
    check_permutation(2, 2, 100003);
    int32_t order[60000], again[60000];
    CHECK_OK(nmlp_random_permutation(1, 2, 60000, order));
    CHECK_OK(nmlp_random_permutation(1, 2, 60000, again));
    CHECK_THAT(memcmp(order, again, sizeof order) == 0, "the same seed, another order");
    hash_print("permutation", hash_bytes(hash_start, order, sizeof order));
    CHECK_OK(nmlp_random_permutation(2, 2, 60000, again));
    CHECK_THAT(memcmp(order, again, sizeof order) != 0, "another seed, the same order");
    CHECK_OK(nmlp_random_permutation(1, 3, 60000, again));
    CHECK_THAT(memcmp(order, again, sizeof order) != 0, "another stream, the same order");
}

/* All 24 orders of four are equally frequent over 48000 seeds. */
static void test_permutation__is_fair(void)
{
    enum { SEEDS = 48000 };
    size_t seen[256] = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        int32_t order[4];
        CHECK_OK(nmlp_random_permutation(seed, 0, 4, order));
        seen[(order[0] * 64 + order[1] * 16 + order[2] * 4 + order[3]) & 255]++;
    }
    size_t orders = 0;
    for (size_t i = 0; i < 256; i++) {
        if (seen[i] == 0) continue;
        orders++;
        CHECK_NEAR("frequency", i, SEEDS / 24.0, (double)seen[i], 5 * sqrt(SEEDS / 24.0));
    }
    CHECK(orders == 24);
}

int main(void)
{
    test_begin("test_random");
    RUN(test_philox__published_vectors);
    RUN(test_uniform__bits);
    RUN(test_uniform__range);
    RUN(test_normal__box_and_muller);
    RUN(test_values__depend_on_position_alone);
    RUN(test_values__distribution);
    RUN(test_permutation__holds_each_once);
    RUN(test_permutation__is_fair);
    return test_end("test_random");
}
