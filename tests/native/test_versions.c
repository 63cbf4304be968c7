/* SPDX-License-Identifier: MIT
 *
 * Runs programs with this library that were compiled with an older and with a newer nmlp.h; see
 * versions_caller.c. */
#include "versions_caller.h"

#include "api/api_structs.h"
#include "test_support.h"

static bool same_number(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

static void check_as_today(const char *name, const versions_report *today,
                           const versions_report *other)
{
    CHECK_THAT(other->status == NMLP_OK, "%s: status %d", name, (int)other->status);
    CHECK_THAT(same_number(today->loss, other->loss) &&
                   same_number(today->data_loss, other->data_loss) &&
                   same_number(today->gradient_norm, other->gradient_norm) &&
                   same_number(today->evaluated, other->evaluated),
               "%s: loss %g, not %g", name, other->loss, today->loss);
    CHECK_THAT(today->rows == other->rows && today->correct == other->correct, "%s: rows", name);
    CHECK_THAT(today->steps == other->steps && same_number(today->beta1_power, other->beta1_power),
               "%s: progress", name);
    CHECK_THAT(other->fault_kind == NMLP_NONFINITE_NONE, "%s: fault %d", name,
               (int)other->fault_kind);
    CHECK_BITS(name, today->parameters, other->parameters, VERSIONS_PARAMETERS);
    CHECK_BITS(name, today->scores, other->scores, COUNT_OF(today->scores));
    CHECK_THAT(other->overruns == 0, "%s: %zu bytes behind its structures", name, other->overruns);
    CHECK_THAT(other->leftovers == 0, "%s: %zu not cleared", name, other->leftovers);
}

static void test_programs__of_other_versions_get_the_same(void)
{
    const versions_report older = versions_older(), today = versions_today(),
                          newer = versions_newer();
    CHECK(today.loss > 0 && today.rows == VERSIONS_ROWS && today.steps > 0);
    check_as_today("today's", &today, &today);
    check_as_today("the first of this ABI", &today, &older);
    check_as_today("a newer one", &today, &newer);
    CHECK(older.result_size <= today.result_size && today.result_size < newer.result_size);
}

static void test_newer_program__what_is_not_known_is_refused(void)
{
    int32_t statuses[8];
    const size_t count = versions_asking_too_much(statuses);
    CHECK(count == 7);
    for (size_t i = 0; i < count; i++)
        CHECK_THAT(statuses[i] == NMLP_ERROR_INVALID_ARGUMENT, "call %zu: %d", i, (int)statuses[i]);
}

/* Simulates a future version in which a structure that the library writes has another member. */
static void test_structure_with_a_member_that_the_caller_lacks__its_memory_is_left(void)
{
    struct later {
        nmlp_result known;
        uint64_t added;
    } own = {.known = {.struct_size = sizeof own, .loss = 2}, .added = 3}, callers = {.added = 77};
    callers.known.struct_size = sizeof callers.known;
    struct_give(&callers, &own, sizeof own);
    CHECK(callers.known.struct_size == sizeof callers.known && callers.known.loss == 2);
    CHECK(callers.added == 77);
    callers.known.struct_size = sizeof callers;
    struct_give(&callers, &own, sizeof own);
    CHECK(callers.added == 3);
    CHECK(struct_take(&callers, sizeof callers.known, &own, sizeof own) && own.added == 3);
    callers.known.struct_size = sizeof callers.known;
    CHECK(struct_take(&callers, sizeof callers.known, &own, sizeof own) && own.added == 0);
}

int main(void)
{
    test_begin("test_versions");
    RUN(test_programs__of_other_versions_get_the_same);
    RUN(test_newer_program__what_is_not_known_is_refused);
    RUN(test_structure_with_a_member_that_the_caller_lacks__its_memory_is_left);
    return test_end("test_versions");
}
