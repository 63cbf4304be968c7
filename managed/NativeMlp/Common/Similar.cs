// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>Finds the intended word for a misspelt one.</summary>
internal static class Similar
{
    /// <summary>Returns "; did you mean 'X'?" for the nearest candidate, or "" if none is near.</summary>
    public static string Hint(string word, IEnumerable<string> candidates)
    {
        string? best = null;
        int bestDistance = Math.Max(1, word.TrimStart('-').Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            if (Math.Abs(candidate.Length - word.Length) >= bestDistance) continue;
            int distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < Math.Min(bestDistance, Math.Max(word.Length, candidate.Length))) // something is the same
                (best, bestDistance) = (candidate, distance);
        }
        return best is null ? "" : $"; did you mean {Printable.Quoted(best)}?";
    }

    // Edit distance in which a swap of neighbours, a common typing error, counts once.
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int change = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(change, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
