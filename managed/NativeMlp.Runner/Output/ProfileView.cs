// SPDX-License-Identifier: MIT
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;

namespace NativeMlp.Runner.Output;

/// <summary>Shows the profile of a table: a line for each column.</summary>
internal sealed class ProfileView(Terminal terminal)
{
    private const int MostColumns = 200;
    private const int WidestName = 28;

    public void Show(TableFile file, TableProfile profile)
    {
        terminal.WriteFact("data", $"{file.Name}, {Describe(file.Format)}");
        terminal.WriteFact("", $"{Format.Count(profile.Rows)} rows, {Format.Count(profile.Columns.Count)} columns");
        if (profile.Task is not null)
            terminal.WriteFact("task", profile.TaskReason);
        terminal.WriteLine();
        ShowColumns(profile);
        foreach (ColumnProfile column in profile.Columns.Where(column => column.Warning is not null))
        {
            terminal.WriteLine();
            terminal.WriteText($"Check {Printable.Quoted(column.Name, 60)}: {column.Warning}");
        }
    }

    private void ShowColumns(TableProfile profile)
    {
        string[][] lines = [["column", "is", "missing", "distinct", "why"], .. profile.Columns.Take(MostColumns).Select(Line)];
        int[] widths = [.. Enumerable.Range(0, 4).Select(i => lines.Max(line => line[i].Length))];
        foreach (string[] line in lines)
            terminal.WriteLine($"{line[0].PadRight(widths[0])}  {line[1].PadRight(widths[1])}  {line[2].PadLeft(widths[2])}  {line[3].PadLeft(widths[3])}  {line[4]}");
        if (profile.Columns.Count > MostColumns)
            terminal.WriteLine($"and {Format.Count(profile.Columns.Count - MostColumns)} more; --json has all.");
    }

    private static string[] Line(ColumnProfile column) =>
        [Printable.Text(column.Name, WidestName - 1), What(column), Format.Count(column.Missing), Format.Count(column.Distinct), column.Reason];

    private static string What(ColumnProfile column) => column.Role switch
    {
        ColumnRole.Feature => TypeName(column.Type),
        ColumnRole.LeftOut => "left out",
        ColumnRole.Label => $"label, {TypeName(column.Type)}",
        _ => column.Role.ToString().ToLowerInvariant(),
    };

    private static string TypeName(ColumnType? type) => type?.ToString().ToLowerInvariant() ?? "";

    private static string Describe(TableFormat format) => format.Kind switch
    {
        TableFileKind.Npy => "a NumPy array",
        TableFileKind.Npz => "a NumPy archive",
        _ => $"separated by {format.DelimiterName}, decimal {(format.DecimalSeparator == ',' ? "comma" : "point")}, {(format.HasHeader ? "with" : "without")} header",
    };
}
