// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tests.Tables;

/// <summary>A row with a column of each kind.</summary>
internal sealed record Person(double? Age, string? Job, bool? Member, DateTime? Since, string Answer)
{
    public static RowMapping<Person> Mapping => new RowMapping<Person>()
        .Number("age", person => person.Age)
        .Text("job", person => person.Job)
        .Boolean("member", person => person.Member)
        .Date("since", person => person.Since)
        .Text("answer", person => person.Answer);

    /// <summary>Rows of which some miss a value in each column; the answer depends on age and job.</summary>
    public static Person[] Some(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new Person(
            i % 11 == 0 ? null : 20 + (i * 7 % 41) + (i % 3 * 0.25),
            i % 13 == 0 ? null : new[] { "cook", "clerk", "smith", "Ärztin" }[i * 5 % 4],
            i % 17 == 0 ? null : i % 2 == 0,
            i % 19 == 0 ? null : new DateTime(2020, 1, 1).AddHours(i * 37 % 9000),
            i * 7 % 41 > 20 || i * 5 % 4 == 1 ? "no" : "yes")),
    ];

    /// <summary>The row by the names of its columns.</summary>
    public Dictionary<string, object?> ToDictionary() =>
        new() { ["age"] = Age, ["job"] = Job, ["member"] = Member, ["since"] = Since };
}
