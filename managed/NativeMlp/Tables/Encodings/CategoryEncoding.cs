// SPDX-License-Identifier: MIT
using System.Text.Json.Serialization;

namespace NativeMlp.Tables.Encodings;

/// <summary>Encodes a category as one input for each category (1 for the category of the row, 0 for the others), or as −1 and +1 if there are only
/// two.</summary>
internal sealed class CategoryEncoding : FeatureEncoding
{
    private Dictionary<string, int>? _byName;
    private Dictionary<double, int>? _byNumber;

    /// <summary>The categories with their own input, sorted by their character codes.</summary>
    public required string[] Categories { get; init; }

    /// <summary>The categories that share an input, because they occur in few training rows.</summary>
    public required string[] Rare { get; init; }

    /// <summary>Whether a missing value is a separate category, after the others.</summary>
    public required bool HasMissing { get; init; }

    /// <summary>Whether there is a shared input, after all others. Unknown categories also use it.</summary>
    public required bool HasOther { get; init; }

    /// <summary>Whether the categories are numbers, so that <c>1</c> and <c>1.0</c> are the same category.</summary>
    public required bool Numbers { get; init; }

    [JsonIgnore]
    public override int Inputs => IsSigned ? 1 : Slots > 1 ? Slots : 0;

    internal int Slots => Categories.Length + (HasMissing ? 1 : 0) + (HasOther ? 1 : 0);

    /// <summary>The index of a missing value; −1 if there is none.</summary>
    internal int MissingSlot => HasMissing ? Categories.Length : OtherSlot;

    /// <summary>The index of unknown categories; −1 if there is none.</summary>
    internal int OtherSlot => HasOther ? Slots - 1 : -1;

    // For two categories, one input is sufficient.
    internal bool IsSigned => Slots == 2 && !HasOther;

    public override double Read(double number) => !double.IsFinite(number) ? Cell.Missing
        : Numbers && NumbersByValue().TryGetValue(number, out int found) ? found
        : Find(Cell.NameOf(number));

    public override double Read(string? text) => text is null ? Cell.Missing
        : Numbers && Cell.TryParse(text, out double number) ? Read(number)
        : Find(text);

    public override double Read(bool value)
    {
        foreach ((string name, int number) in NumbersByName())
        {
            if (Cell.TryParse(name, out bool yes) && yes == value) return number;
        }

        return Cell.Unknown;
    }

    public override void Encode(double cell, Span<float> inputs)
    {
        inputs.Clear();
        if (inputs.IsEmpty) return;
        int slot = double.IsFinite(cell) ? (int)cell : double.IsNaN(cell) ? MissingSlot : OtherSlot;
        if (slot < 0) return;
        if (IsSigned) inputs[0] = slot == 0 ? -1 : 1;
        else inputs[slot] = 1;
    }

    public override IEnumerable<string> InputNames(string column) =>
        Inputs == 0 ? [] : IsSigned ? [column] : Categories.Select(category => $"{column}={category}")
            .Concat(HasMissing ? [$"{column} is missing"] : []).Concat(HasOther ? [$"{column} is another"] : []);

    public override string? Problem() =>
        Categories.Contains(null) || Rare.Contains(null) || (Rare.Length > 0 && !HasOther) ? "its categories are not in order" : null;

    // The number of a category is its input; rare ones use the last. For yes and no, all usual words are accepted.
    private double Find(string name) => NumbersByName().TryGetValue(name, out int number) ? number
        : Categories.Length + Rare.Length == 2 && Cell.TryParse(name, out bool yes) ? Read(yes)
        : Cell.Unknown;

    private Dictionary<string, int> NumbersByName()
    {
        if (_byName is { } made) return made;
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < Categories.Length; i++) numbers.TryAdd(Categories[i], i);
        foreach (string name in Rare) numbers.TryAdd(name, Slots - 1);
        return _byName = numbers;
    }

    // A number is found without creating its name.
    private Dictionary<double, int> NumbersByValue()
    {
        if (_byNumber is { } made) return made;
        var numbers = new Dictionary<double, int>();
        foreach ((string name, int number) in NumbersByName())
        {
            if (Cell.TryParse(name, out double value)) numbers.TryAdd(value, number);
        }

        return _byNumber = numbers;
    }
}
