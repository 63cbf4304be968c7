// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text.RegularExpressions;

namespace NativeMlp.Tests.Support;

/// <summary>What a terminal shows after the bytes that were written to it: the little of ANSI that the program uses. The screen is as
/// high as need be, and lines are as long as they are.</summary>
internal static partial class ScreenRecording
{
    /// <summary>The lines from the top, without empty ones.</summary>
    public static IReadOnlyList<string> Lines(string written)
    {
        List<string> screen = [""];
        int row = 0, column = 0;
        foreach (Match match in Piece().Matches(written))
        {
            int count = match.Groups["count"] is { Success: true, Length: > 0 } text ? int.Parse(text.Value, CultureInfo.InvariantCulture) : 1;
            switch (match.Value[^1])
            {
                case '\n': Down(); break;
                case '\r': column = 0; break;
                case 'A' when match.Groups["count"].Success: row -= count; break;
                case 'K' when match.Groups["count"].Success: screen[row] = screen[row][..Math.Min(column, screen[row].Length)]; break;
                case 'J' when match.Groups["count"].Success:
                    screen[row] = screen[row][..Math.Min(column, screen[row].Length)];
                    screen.RemoveRange(row + 1, screen.Count - row - 1);
                    break;
                case char c when !match.Groups["count"].Success: Put(c); break;
                default: break; // colours
            }
        }

        return [.. screen.Where(line => line.Length > 0)];

        void Down()
        {
            column = 0; // as the terminal's line discipline does
            if (++row == screen.Count) screen.Add("");
        }

        void Put(char c)
        {
            string line = screen[row].PadRight(column);
            screen[row] = line[..column] + c + (column + 1 < line.Length ? line[(column + 1)..] : "");
            column++;
        }
    }

    [GeneratedRegex(@"\e\[(?<count>\d*)(;\d+)*[A-Za-z]|\e\[\?\d+[hl]|.|\n", RegexOptions.ExplicitCapture)]
    private static partial Regex Piece();
}
