// SPDX-License-Identifier: MIT
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Onnx.Export;

/// <summary>All texts that mean something in a column of categories, as a model of a table reads them.</summary>
internal sealed class CategoryWords
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);

    public CategoryWords(CategoryEncoding encoding, IReadOnlyList<string> missingMarks)
    {
        foreach (string mark in missingMarks.Append("")) _slots[mark] = encoding.MissingSlot;
        for (int i = 0; i < encoding.Categories.Length; i++) _slots.TryAdd(encoding.Categories[i], i);
        foreach (string rare in encoding.Rare) _slots.TryAdd(rare, encoding.OtherSlot);
        if (encoding.Categories.Length + encoding.Rare.Length == 2) AddYesAndNo(encoding);
    }

    /// <summary>The place of the category of each text; −1 where it has none. Any other text is unknown.</summary>
    public IReadOnlyDictionary<string, int> Slots => _slots;

    // Where the two categories are words for yes and no, every such word is understood.
    private void AddYesAndNo(CategoryEncoding encoding)
    {
        foreach ((string[] words, bool meaning) in (IEnumerable<(string[], bool)>)[(Cell.YesWords, true), (Cell.NoWords, false)])
        {
            if (encoding.Read(meaning) is not (>= 0 and var slot)) continue;
            foreach (string spelling in words.SelectMany(Spellings)) _slots.TryAdd(spelling, (int)slot);
        }
    }

    // Upper and lower case in every letter: of the longest word there are 32.
    private static IEnumerable<string> Spellings(string word) =>
        from mask in Enumerable.Range(0, 1 << word.Length)
        select string.Concat(word.Select((letter, i) => (mask >> i & 1) == 0 ? letter : char.ToUpperInvariant(letter)));
}
