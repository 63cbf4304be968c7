// SPDX-License-Identifier: MIT
using System.Buffers;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Output;

/// <summary>Writes what a model of a table answers, as UTF-8, in memory that does not grow with the number of rows.</summary>
/// <param name="output">Where the answers go.</param>
/// <param name="labels">What the answers mean.</param>
/// <param name="kept">Columns of the input that are written, too.</param>
internal abstract class AnswerWriter(Stream output, TableLabels labels, IReadOnlyList<string> kept)
{
    protected TableLabels Labels { get; } = labels;

    protected IReadOnlyList<string> Kept { get; } = kept;

    protected ArrayBufferWriter<byte> Buffer { get; } = new();

    /// <summary>What stands before the rows.</summary>
    public virtual void WriteHeader()
    {
    }

    /// <summary>Writes the first rows of a table.</summary>
    /// <param name="table">The rows, with the columns that are kept.</param>
    /// <param name="lines">For each row to write its line in the input.</param>
    /// <param name="predictions">What the model answers for them.</param>
    public void Write(Table table, ReadOnlySpan<long> lines, TablePredictions predictions)
    {
        TableColumn[] columns = [.. Kept.Select(name => table.TryGetColumn(name, out TableColumn? column) ? column : throw new ArgumentException($"There is no column {name}."))];
        for (int row = 0; row < lines.Length; row++)
            WriteRow(columns, row, lines[row], predictions);
        Flush();
    }

    protected abstract void WriteRow(TableColumn[] columns, int row, long line, TablePredictions predictions);

    protected void Flush()
    {
        output.Write(Buffer.WrittenSpan);
        output.Flush();
        Buffer.ResetWrittenCount();
    }
}
