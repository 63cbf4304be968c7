static inline int MODEL_same(const char *a, const char *b, int ignore_case)
{
    for (;; a++, b++) {
        const char x = ignore_case && *a >= 'A' && *a <= 'Z' ? (char)(*a + 32) : *a;
        if (x != *b) return 0;
        if (x == 0) return 1;
    }
}

/* The place of a text in a list; -1 if it is not there. */
static inline int MODEL_find(const char *text, const char *const *list, int count, int ignore_case)
{
    for (int i = 0; i < count; i++)
        if (MODEL_same(text, list[i], ignore_case)) return i;
    return -1;
}

/* Whether a text stands for a missing value; white space around it does not count. */
static inline int MODEL_missing(const char *text, const char *const *marks, int count)
{
    if (text == NULL) return 1;
    while (*text == ' ' || (*text >= '\t' && *text <= '\r')) text++;
    size_t length = strlen(text);
    while (length > 0 && (text[length - 1] == ' ' || (text[length - 1] >= '\t' && text[length - 1] <= '\r'))) length--;
    for (int i = 0; i < count; i++)
        if (strlen(marks[i]) == length && memcmp(marks[i], text, length) == 0) return 1;
    return 0;
}
