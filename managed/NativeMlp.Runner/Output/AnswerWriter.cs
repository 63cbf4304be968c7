// SPDX-License-Identifier: MIT
using System.Buffers;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Output;

/// <summary>Writes the predictions of a table model as UTF-8, in constant memory.</summary>
/// <param name="output">The output.</param>
/// <param name="labels">The labels of the model.</param>
/// <param name="kept">The columns of the input that are also written.</param>
internal abstract class AnswerWriter(Stream output, TableLabels labels, IReadOnlyList<string> kept)
{
    protected TableLabels Labels { get; } = labels;

    protected IReadOnlyList<string> Kept { get; } = kept;

    protected ArrayBufferWriter<byte> Buffer { get; } = new();

    /// <summary>Writes the header.</summary>
    public virtual void WriteHeader()
    {
    }

    /// <summary>Writes the predictions of a batch of rows.</summary>
    /// <param name="table">The rows, with the columns that are kept.</param>
    /// <param name="lines">The line number of each row in the input.</param>
    /// <param name="predictions">The predictions of the rows.</param>
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
