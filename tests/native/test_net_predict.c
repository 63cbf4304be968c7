/* SPDX-License-Identifier: MIT
 *
 * Predictions in chunks, on several threads and with strides, and all forms of input data give the
 * same bits. */
#include "small_net.h"

static const size_t path_widths[] = {INPUTS, 19, 11, CLASSES};

typedef struct data_set {
    guarded place[3];
    uint8_t *bytes; /* [ROWS x INPUTS], pitch PITCH */
    float *floats;  /* the same numbers */
    float *ready;   /* (x - mean) * scale */
    float mean[INPUTS], scale;
    int32_t labels[ROWS], indices[BATCH];
} data_set;

/* Rows end at the guard page; there is poison between them. */
static void data_set_create(data_set *d)
{
    size_t count = (ROWS - 1) * PITCH + INPUTS;
    uint64_t seed = 77;
    for (size_t i = 0; i < 3; i++) d->place[i] = guarded_create(count * sizeof(float));
    d->bytes = guarded_bytes(&d->place[0], count, true);
    d->floats = guarded_floats(&d->place[1], count, true);
    d->ready = guarded_floats(&d->place[2], count, true);
    d->scale = 1.0f / 255;
    data_fill(5, 0, 255, d->mean, INPUTS);
    fill_bits(d->floats, count, poison);
    fill_bits(d->ready, count, poison);
    for (size_t i = 0; i < count; i++) {
        d->bytes[i] = (uint8_t)data_below(&seed, 256);
        if (i % PITCH >= INPUTS) continue;
        d->floats[i] = d->bytes[i];
        float moved = d->floats[i] - d->mean[i % PITCH];
        d->ready[i] = moved * d->scale;
    }
    fill_labels(6, d->labels, ROWS, CLASSES);
}

static void data_set_destroy(data_set *d)
{
    for (size_t i = 0; i < 3; i++) guarded_destroy(&d->place[i]);
}

enum { PATHS = 7 };

/* The same BATCH rows in one of seven forms. Copies use `room`. */
static nmlp_batch batch_by_path(data_set *d, int path, void *room, int32_t *labels)
{
    nmlp_batch b = batch_of(d->ready, ROWS, PITCH, d->labels);
    bool bytes = path == 4 || path == 5, raw = bytes || path == 3 || path == 6;
    bool gathered = path == 1 || path == 5 || path == 6;
    size_t size = bytes ? 1 : sizeof(float), ld = path == 5 ? INPUTS : PITCH - 2;
    if (raw) {
        b.features = bytes ? (const void *)d->bytes : d->floats;
        b.feature_type = bytes ? NMLP_FEATURE_UINT8 : NMLP_FEATURE_FLOAT32;
        b.mean = d->mean;
        b.mean_length = INPUTS;
        b.scale = d->scale;
    }
    b.indices = d->indices;
    b.index_count = gathered ? 0 : BATCH;
    if (!gathered) return b;
    for (size_t i = 0; i < BATCH; i++) {
        const unsigned char *row =
            (const unsigned char *)b.features + (size_t)d->indices[i] * PITCH * size;
        memcpy((unsigned char *)room + i * ld * size, row, INPUTS * size);
        labels[i] = d->labels[d->indices[i]];
    }
    b.features = room;
    b.feature_rows = b.label_count = BATCH;
    b.labels = labels;
    b.ld = ld;
    return b;
}

static void test_batch__all_paths_same_bits(void)
{
    data_set *d = test_alloc(sizeof *d);
    nmlp_net *nets[PATHS];
    guarded room = guarded_create(BATCH * PITCH * sizeof(float));
    data_set_create(d);
    for (int p = 0; p < PATHS; p++) {
        nets[p] = net_create(3, path_widths, BATCH, 1 + p % 3);
        CHECK_OK(nmlp_net_initialize(nets[p], 9));
    }
    for (uint64_t step = 0; step < 6; step++) {
        nmlp_result first = nmlp_result_init(), result = first;
        uint64_t seed = step;
        for (size_t i = 0; i < BATCH; i++) d->indices[i] = (int32_t)data_below(&seed, ROWS);
        d->indices[0] = ROWS - 1; /* the row that ends at the guard page */
        d->indices[1] = d->indices[2];
        for (int p = 0; p < PATHS; p++) {
            int32_t labels[BATCH];
            size_t size =
                p == 5 ? BATCH * INPUTS : ((BATCH - 1) * (PITCH - 2) + INPUTS) * sizeof(float);
            nmlp_batch b = batch_by_path(d, p, guarded_bytes(&room, size, true), labels);
            CHECK_OK(nmlp_net_train_step(nets[p], &b, &optimizers[step % 2 + 1], &result));
            if (p == 0) first = result;
            CHECK_THAT(memcmp(&first.loss, &result.loss, sizeof(double)) == 0 &&
                           first.correct == result.correct && result.rows == BATCH,
                       "path %d: loss %.17g, not %.17g", p, result.loss, first.loss);
            float y[BATCH * CLASSES], y0[BATCH * CLASSES];
            nmlp_batch b0 = batch_by_path(d, 0, NULL, NULL);
            CHECK_OK(nmlp_net_predict(nets[0], &b0, NMLP_OUTPUT_SCORES, y0, CLASSES, 1));
            if (p > 0) {
                CHECK_OK(nmlp_net_predict(nets[0], &b, NMLP_OUTPUT_SCORES, y, CLASSES, 1));
                CHECK_BITS("prediction by another path", y0, y, BATCH * CLASSES);
            }
        }
    }
    for (int p = 1; p < PATHS; p++) check_same_state("training by another path", nets[0], nets[p]);
    for (int p = 0; p < PATHS; p++) nmlp_net_destroy(nets[p]);
    guarded_destroy(&room);
    data_set_destroy(d);
    free(d);
}

/* -------------------------------------------------------------------- prediction */

static void test_predict__chunks_threads_and_strides(void)
{
    enum { MANY = 1531 };
    nmlp_net *net = net_create(3, path_widths, 4, 2);
    float *x = test_floats(MANY * INPUTS), *all = test_floats(MANY * CLASSES);
    float *p = test_floats(MANY * CLASSES), *soft = test_floats(MANY * CLASSES),
          *part = test_floats(MANY * 9);
    int32_t *labels = test_alloc(MANY * sizeof *labels);
    static const size_t sizes[] = {1,   2,   3,   5,   16,  63,  64,  65,
                                   127, 128, 255, 256, 257, 511, 513, 1000};
    data_fill(1, -1, 1, x, MANY * INPUTS);
    fill_labels(2, labels, MANY, CLASSES);
    CHECK_OK(nmlp_net_initialize(net, 3));
    nmlp_batch whole = batch_of(x, MANY, INPUTS, NULL);
    CHECK_OK(nmlp_net_predict(net, &whole, NMLP_OUTPUT_SCORES, all, CLASSES, 1));
    CHECK_OK(nmlp_net_predict(net, &whole, NMLP_OUTPUT_PROBABILITIES, p, CLASSES, 1));
    CHECK_OK(nmlp_softmax(MANY, CLASSES, all, CLASSES, soft, CLASSES, 1));
    CHECK_BITS("probabilities are the softmax of the scores", soft, p, MANY * CLASSES);
    hash_print("predict", hash_bytes(hash_start, p, MANY * CLASSES * sizeof *p));
    for (size_t i = 0; i < MANY; i++) {
        double sum = 0;
        for (size_t j = 0; j < CLASSES; j++) sum += (double)p[i * CLASSES + j];
        CHECK_NEAR("sum of probabilities", i, 1, sum, CLASSES * EPS);
    }
    for (int32_t threads = 0; threads <= 5; threads++) {
        CHECK_OK(nmlp_net_predict(net, &whole, NMLP_OUTPUT_SCORES, part, CLASSES, threads));
        CHECK_BITS("threads", all, part, MANY * CLASSES);
    }
    for (size_t s = 0; s < COUNT_OF(sizes); s++) {
        for (size_t from = s; from + sizes[s] <= MANY; from += 500) {
            nmlp_batch some = batch_of(x + from * INPUTS, sizes[s], INPUTS, NULL);
            size_t ld = s % 2 ? 9 : CLASSES;
            fill_bits(part, MANY * 9, poison);
            CHECK_OK(
                nmlp_net_predict(net, &some, NMLP_OUTPUT_SCORES, part, ld, 1 + (int32_t)s % 3));
            for (size_t i = 0; i < sizes[s]; i++) {
                CHECK_BITS("chunk", all + (from + i) * CLASSES, part + i * ld, CLASSES);
                for (size_t j = CLASSES; j < ld; j++) CHECK(float_bits(part[i * ld + j]) == poison);
            }
            CHECK(float_bits(part[sizes[s] * ld]) == poison);
        }
    }
    double loss, tolerance;
    size_t correct;
    nmlp_result result = nmlp_result_init();
    CHECK_OK(nmlp_softmax_cross_entropy(MANY, CLASSES, all, CLASSES, labels, NULL, 0, 0, &loss,
                                        &correct, 1));
    tolerance = 4 * EPS * loss;
    whole.labels = labels;
    whole.label_count = MANY;
    for (int32_t threads = 0; threads <= 5; threads++) {
        static double first;
        CHECK_OK(nmlp_net_evaluate(net, &whole, threads, &result));
        CHECK_NEAR("evaluated loss", (size_t)threads, loss, result.loss, tolerance);
        if (threads == 0) first = result.loss;
        CHECK(result.loss == first && result.data_loss == first);
        CHECK(result.correct == correct && result.rows == MANY);
    }
    nmlp_net_destroy(net);
    void *memory[] = {x, all, p, soft, part, labels};
    for (size_t i = 0; i < COUNT_OF(memory); i++) free(memory[i]);
}

/* 10 of 90 elements are examined, which is every ninth. */
static void test_batch__zero_share(void)
{
    enum { N = 90 };
    float floats[2 * N], mean[N];
    uint8_t bytes[2 * N];
    const int32_t second = 1;
    for (size_t j = 0; j < N; j++) {
        floats[j] = mean[j] = 5;
        bytes[j] = 5;
        floats[N + j] = bytes[N + j] = j < 72 ? 0 : 3; /* 8 of the 10 */
    }
    nmlp_batch batch = {.features = floats, .feature_rows = 2, .ld = N};
    CHECK(nmlp_batch_zero_share(&batch, N, 0) == 0);
    CHECK(nmlp_batch_zero_share(&batch, N, 1) == 0.8);
    batch.indices = &second;
    batch.index_count = 1;
    CHECK(nmlp_batch_zero_share(&batch, N, 0) == 0.8);
    batch.features = bytes;
    batch.feature_type = NMLP_FEATURE_UINT8;
    CHECK(nmlp_batch_zero_share(&batch, N, 0) == 0.8);
    batch.mean = mean;
    batch.mean_length = N;
    CHECK(nmlp_batch_zero_share(&batch, N, 0) == 0);
    batch.index_count = 0;
    CHECK(nmlp_batch_zero_share(&batch, N, 0) == 1);
    CHECK(nmlp_batch_zero_share(&batch, 1, 0) == 1);
}

int main(void)
{
    test_begin("test_net_predict");
    nmlp_parallel_wake_for_all();
    RUN(test_batch__all_paths_same_bits);
    RUN(test_predict__chunks_threads_and_strides);
    RUN(test_batch__zero_share);
    return test_end("test_net_predict");
}
