/* SPDX-License-Identifier: MIT
 *
 * agreed_run TRAINING_RUNS.json DIGITS.csv OUT: trains the reference runs (64-32-16-10 on 8x8
 * digits, 200 steps each, with momentum, Adam, and Adam over tanh) with their initial weights and
 * their order of rows, and writes the final parameters of each run to OUT, one run after another.
 * Every platform must write the same bytes; their SHA-256 is in agreed_run.sha256. */
#include "test_support.h"

enum { PIXELS = 64, LAYERS = 3, TENSORS = 2 * LAYERS, MOST_ROWS = 2000, MOST_VALUES = 4096 };

static void give_up(const char *what)
{
    fprintf(stderr, "agreed_run: %s\n", what);
    exit(1);
}

/* ------------------------------------------------------------------ the files */

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) give_up(path);
    const long size = ftell(file);
    char *text = test_alloc((size_t)size + 1);
    rewind(file);
    if (fread(text, 1, (size_t)size, file) != (size_t)size) give_up(path);
    fclose(file);
    return text;
}

/* Returns the text after a word of the JSON file. The file is known, so no parser is needed. */
static const char *after(const char *text, const char *word)
{
    const char *found = strstr(text, word);
    if (found == NULL) give_up(word);
    return found + strlen(word);
}

static double number_after(const char *text, const char *word)
{
    return strtod(after(text, word), NULL);
}

/* Reads "[1,2,3]" into numbers, moves *text behind it, and returns the count. */
static size_t read_numbers(const char **text, int32_t *numbers, size_t most)
{
    size_t count = 0;
    const char *at = strchr(*text, '[');
    if (at == NULL) give_up("no list of numbers");
    do {
        char *end;
        const long value = strtol(at + 1, &end, 10);
        if (count == most || end == at + 1) give_up("a bad list of numbers");
        numbers[count++] = (int32_t)value;
        at = end;
    } while (*at == ',');
    *text = at + 1;
    return count;
}

static uint32_t base64_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c != '\0' ? strchr(digits, c) : NULL;
    return found != NULL ? (uint32_t)(found - digits) : 0; /* '=' at the end */
}

/* Little-endian floats. */
static void read_base64(const char *text, float *values, size_t count)
{
    uint8_t bytes[4 * MOST_VALUES + 3];
    for (size_t i = 0; i < 4 * count; i += 3, text += 4) {
        const uint32_t four = base64_digit(text[0]) << 18 | base64_digit(text[1]) << 12 |
                              base64_digit(text[2]) << 6 | base64_digit(text[3]);
        for (size_t b = 0; b < 3; b++) bytes[i + b] = (uint8_t)(four >> (16 - 8 * b));
    }
    for (size_t i = 0; i < count; i++)
        values[i] =
            float_from_bits((uint32_t)bytes[4 * i] | (uint32_t)bytes[4 * i + 1] << 8 |
                            (uint32_t)bytes[4 * i + 2] << 16 | (uint32_t)bytes[4 * i + 3] << 24);
}

typedef struct digits {
    float features[MOST_ROWS * PIXELS];
    int32_t labels[MOST_ROWS];
    size_t rows;
} digits;

/* Reads rows of 64 pixels from 0 to 16 and a label, after a line of names. */
static void read_digits(const char *path, digits *d)
{
    char *text = read_file(path), *at = strchr(text, '\n');
    for (; at != NULL && at[1] != '\0' && d->rows < MOST_ROWS; d->rows++) {
        for (size_t i = 0; i < PIXELS; i++)
            d->features[d->rows * PIXELS + i] = (float)strtol(at + 1, &at, 10) / 16;
        d->labels[d->rows] = (int32_t)strtol(at + 1, &at, 10);
        at = strchr(at, '\n');
    }
    free(text);
}

/* -------------------------------------------------------------------- a run */

static nmlp_net *make_net(const char *run)
{
    nmlp_layer layers[LAYERS];
    int32_t sizes[LAYERS + 1];
    const char *at = after(run, "\"sizes\":");
    read_numbers(&at, sizes, LAYERS + 1);
    for (size_t l = 0; l < LAYERS; l++) {
        at = after(at, "\"activation\": \"");
        const bool tanh = strncmp(at, "tanh", 4) == 0, relu = strncmp(at, "relu", 4) == 0;
        layers[l] = (nmlp_layer){.struct_size = sizeof *layers,
                                 .outputs = (size_t)sizes[l + 1],
                                 .activation = tanh   ? NMLP_ACTIVATION_TANH
                                               : relu ? NMLP_ACTIVATION_RELU
                                                      : NMLP_ACTIVATION_IDENTITY};
    }
    const nmlp_net_options options = {.struct_size = sizeof options,
                                      .inputs = (size_t)sizes[0],
                                      .max_batch = (size_t)number_after(run, "\"batch_size\":")};
    nmlp_net *net = NULL;
    CHECK_OK(nmlp_net_create(&options, layers, LAYERS, &net));
    at = after(run, "\"initial_params\":");
    for (size_t tensor = 0; tensor < TENSORS; tensor++) {
        float values[MOST_VALUES];
        size_t rows, columns;
        CHECK_OK(nmlp_net_tensor_shape(net, tensor, &rows, &columns));
        at = after(at, "\"base64\": \"");
        read_base64(at, values, rows * columns);
        CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, tensor, values, rows * columns));
    }
    return net;
}

static nmlp_optimizer optimizer_of(const char *run)
{
    const bool adam = strncmp(after(run, "\"optimizer\": \""), "adam", 4) == 0;
    return (nmlp_optimizer){.struct_size = sizeof(nmlp_optimizer),
                            .kind = adam ? NMLP_OPTIMIZER_ADAM : NMLP_OPTIMIZER_MOMENTUM,
                            .learning_rate = number_after(run, "\"lr\":"),
                            .l2 = number_after(run, "\"reg\":"),
                            .momentum = adam ? 0 : number_after(run, "\"momentum\":"),
                            .beta1 = 0.9,
                            .beta2 = 0.999,
                            .epsilon = 1e-8};
}

static void train(nmlp_net *net, const char *run, const digits *d)
{
    int32_t train_rows[MOST_ROWS], batch_rows[MOST_ROWS];
    nmlp_batch batch = {.struct_size = sizeof batch,
                        .features = d->features,
                        .feature_rows = d->rows,
                        .ld = PIXELS,
                        .indices = batch_rows,
                        .labels = d->labels,
                        .label_count = d->rows};
    const nmlp_optimizer optimizer = optimizer_of(run);
    const char *at = after(run, "\"train_rows\":");
    const size_t rows = read_numbers(&at, train_rows, MOST_ROWS);
    at = strchr(after(run, "\"batches\":"), '[') + 1;
    do {
        nmlp_result result = nmlp_result_init();
        batch.index_count = read_numbers(&at, batch_rows, MOST_ROWS);
        for (size_t i = 0; i < batch.index_count; i++) {
            if ((size_t)batch_rows[i] >= rows) give_up("a batch names a row that is not there");
            batch_rows[i] = train_rows[batch_rows[i]];
        }
        CHECK_OK(nmlp_net_train_step(net, &batch, &optimizer, &result));
    } while (*at == ',');
}

static void write_parameters(nmlp_net *net, FILE *out)
{
    for (size_t tensor = 0; tensor < TENSORS; tensor++) {
        float values[MOST_VALUES];
        size_t rows, columns;
        CHECK_OK(nmlp_net_tensor_shape(net, tensor, &rows, &columns));
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, tensor, values, rows * columns));
        if (fwrite(values, sizeof *values, rows * columns, out) != rows * columns)
            give_up("the output cannot be written");
    }
}

int main(int argc, char **argv)
{
    static digits d;
    if (argc != 4) give_up("usage: agreed_run TRAINING_RUNS.json DIGITS.csv OUT");
    remove(argv[3]);
    test_begin("agreed_run");
    char *runs = read_file(argv[1]);
    read_digits(argv[2], &d);
    FILE *out = fopen(argv[3], "wb");
    if (out == NULL) give_up(argv[3]);
    for (const char *run = strstr(runs, "\"seed\":"); run != NULL;
         run = strstr(run + 1, "\"seed\":")) {
        nmlp_net *net = make_net(run);
        train(net, run, &d);
        write_parameters(net, out);
        nmlp_net_destroy(net);
    }
    if (fclose(out) != 0) give_up(argv[3]);
    free(runs);
    return test_end("agreed_run");
}
