// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;
using NativeMlp.Onnx.Sources;
using NativeMlp.Tables;
using NativeMlp.Tables.Encodings;
using NativeMlp.Tests.Support;

namespace NativeMlp.Onnx.Tests.Support;

/// <summary>A C program that predicts rows with an exported header and writes its answers as bytes.</summary>
internal static class CProgram
{
    /// <summary>The compilers and options whose answers must be the same.</summary>
    public static readonly string[][] Compilers =
    [
        ["gcc", "-std=c99", "-O0"], ["gcc", "-std=c99", "-O2"], ["gcc", "-std=gnu11", "-O3", "-march=native", "-ffp-contract=fast"],
        ["clang", "-std=c99", "-O2"], ["clang", "-std=c99", "-O2", "-march=native", "-ffp-contract=fast"],
    ];

    /// <summary>Predicts rows of numbers; the answers are followed by the class of each row, if there are classes.</summary>
    public static (float[] Answers, int[] Classes) Predict(TemporaryFolder folder, string header, string[] compiler, float[] rows, Mlp network)
    {
        int count = rows.Length / network.Inputs;
        string name = Path.GetFileNameWithoutExtension(header);
        folder.Write("rows.bin", MemoryMarshal.AsBytes(rows.AsSpan()).ToArray());
        byte[] output = Run(folder, compiler, $$"""
            #include <stdio.h>
            #include "{{Path.GetFileName(header)}}"
            int main(void)
            {
                FILE *in = fopen("rows.bin", "rb"), *out = fopen("answers.bin", "wb");
                static float row[{{network.Inputs}}], answers[{{network.Outputs}}];
                while (fread(row, sizeof row, 1, in) == 1) {
                    int class = -2;
                    {{(network.Classes > 0 ? $"class = {name}_predict(row, answers);" : $"{name}_scores(row, answers);")}}
                    fwrite(answers, sizeof answers, 1, out);
                    fwrite(&class, sizeof class, 1, out);
                }
                return fclose(out) | fclose(in);
            }
            """);
        float[] answers = new float[count * network.Outputs];
        int[] classes = new int[count];
        int length = (network.Outputs + 1) * sizeof(float);
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<byte> line = output.AsSpan(row * length, length);
            MemoryMarshal.Cast<byte, float>(line)[..network.Outputs].CopyTo(answers.AsSpan(row * network.Outputs));
            classes[row] = BitConverter.ToInt32(line[^4..]);
        }

        return (answers, classes);
    }

    /// <summary>Predicts the rows of a table.</summary>
    public static double[] Predict(TemporaryFolder folder, string header, string[] compiler, TableModel model, Table table)
    {
        string name = Path.GetFileNameWithoutExtension(header);
        TableColumn[] columns = table.Find(model.Schema.Features.Select(feature => feature.Name));
        IEnumerable<string> rows = Enumerable.Range(0, table.RowCount).Select(row =>
            $"{{{string.Join(", ", columns.Select((column, i) => Cell(model.Encoding.Features[i], column, row)))}}}");
        byte[] output = Run(folder, compiler, $$"""
            #include <stdio.h>
            #include "{{Path.GetFileName(header)}}"
            static const {{name}}_row rows[] = {
            {{string.Join(",\n", rows)}}
            };
            int main(void)
            {
                FILE *out = fopen("answers.bin", "wb");
                static double values[{{name}}_VALUES];
                for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                    {{name}}_predict(&rows[i], values);
                    fwrite(values, sizeof values, 1, out);
                }
                return fclose(out);
            }
            """);
        return MemoryMarshal.Cast<byte, double>(output).ToArray();
    }

    private static string Cell(FeatureEncoding encoding, TableColumn column, int row)
    {
        if (encoding is CategoryEncoding { Numbers: false }) return column.NameAt(row) is { } text ? CText.Quoted(text) : "NULL";
        double number = encoding is DateEncoding ? TableRows.Seconds(column, row) : TableRows.Number(column, row);
        return double.IsNaN(number) ? "NAN" : CText.Number(number);
    }

    /// <summary>Compiles main.c to the program main.</summary>
    public static void Compile(TemporaryFolder folder, string[] compiler, string source)
    {
        folder.Write("main.c", System.Text.Encoding.UTF8.GetBytes(source));
        Assert.SkipUnless(new Command("bash", "-c", $"command -v {compiler[0]}").Run().ExitCode == 0, $"{compiler[0]} is not here");
        Succeed($"cd '{folder.Path}' && {string.Join(' ', compiler)} -Wall -Wextra -Werror main.c -o main -lm");
    }

    private static byte[] Run(TemporaryFolder folder, string[] compiler, string source)
    {
        Compile(folder, compiler, source);
        Succeed($"cd '{folder.Path}' && ./main");
        return File.ReadAllBytes(folder.File("answers.bin"));
    }

    private static void Succeed(string command)
    {
        CommandResult result = new Command("bash", "-c", command).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
    }
}
