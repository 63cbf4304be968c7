// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Export;
using NativeMlp.Storage;
using NativeMlp.Tables;

namespace NativeMlp.Onnx.Sources;

/// <summary>Writes the functions of a C header that are called from outside.</summary>
internal sealed class CHead(CWriter writer)
{
    private readonly string _name = writer.Prefix;

    /// <summary>Adds <c>NAME_predict</c> of a model of a table.</summary>
    public void AddTable(TableModel model, string[] networks, int inputs, int values)
    {
        bool classes = model.Labels.HasClasses, regression = model.Labels.Task == TableTask.Regression;
        writer.Line();
        writer.Line(classes ? "/* Writes the values of a row and returns the number of its class. */" : "/* Writes the values of a row. */");
        writer.Line($"static inline {(classes ? "int" : "void")} {_name}_predict(const {_name}_row *row, double *values)");
        writer.Line("{");
        Line($"    float x[{Math.Max(inputs, 1)}], y[{values}];");
        writer.Line($"    {_name}_encode(row, x);");
        Line($"    for (int j = 0; j < {values}; j++) values[j] = 0;");
        for (int i = 0; i < networks.Length; i++)
        {
            writer.Line($"    {networks[i]}(x, y);");
            if (!regression) AddProbabilities(model.Networks[i], "y");
            Line($"    for (int j = 0; j < {values}; j++) values[j] += (double)y[j];");
        }

        Line($"    for (int j = 0; j < {values}; j++) values[j] /= {networks.Length};");
        if (regression) AddUnits(model);
        if (model.Labels.Task == TableTask.Binary) writer.Line($"    return values[1] > {CText.Number(model.Threshold)};");
        if (model.Labels.Task == TableTask.Multiclass) AddGreatest(values);
        writer.Line("}");
    }

    /// <summary>Adds <c>NAME_scores</c>, and <c>NAME_predict</c> where there are classes.</summary>
    public void AddNetwork(Mlp network, CheckpointInfo info, string function)
    {
        string row = AddRow(network, info);
        writer.Line();
        writer.Line("/* Writes the outputs of the last layer. */");
        writer.Line($"static inline void {_name}_scores(const float *row, float *scores)");
        writer.Line("{");
        if (row.Length > 0) Line($"    float x[{network.Inputs}];");
        if (row.Length > 0) writer.Line($"    {row}");
        writer.Line($"    {function}({(row.Length > 0 ? "x" : "row")}, scores);");
        writer.Line("}");
        if (network.Classes == 0) return;
        writer.Line();
        writer.Line("/* Writes the probabilities of a row and returns the number of its class; -1 where a score is not finite. */");
        writer.Line($"static inline int {_name}_predict(const float *row, float *probabilities)");
        writer.Line("{");
        writer.Line("    int best = 0;");
        writer.Line($"    {_name}_scores(row, probabilities);");
        Line($"    for (int j = 0; j < {network.Outputs}; j++) {{");
        writer.Line("        if (probabilities[j] - probabilities[j] != 0) best = -1;");
        writer.Line("        if (best >= 0 && probabilities[j] > probabilities[best]) best = j;");
        writer.Line("    }");
        if (network.Outputs == 1 && network.Options.Loss == Loss.BinaryCrossEntropy) writer.Line("    if (best == 0) best = probabilities[0] > 0;");
        AddProbabilities(network, "probabilities");
        writer.Line("    return best;");
        writer.Line("}");
    }

    // The rows as they stand in a file; empty if the network takes them as they are.
    private string AddRow(Mlp network, CheckpointInfo info)
    {
        int[]? places = PixelPlaces.Of(network, info);
        if (places is null && info.Mean.Length == 0 && info.Scale == 1) return "";
        string value = places is null ? "row[j]" : "row[j % 3 * 1024 + j / 3]";
        if (info.Mean.Length > 0) value = $"({value} - {writer.Floats("mean", info.Mean)}[j])";
        return FormattableString.Invariant($"for (int j = 0; j < {network.Inputs}; j++) x[j] = {value} * {CText.Number(info.Scale)};");
    }

    private void AddProbabilities(Mlp network, string values)
    {
        bool sigmoid = network.Options.Loss == Loss.BinaryCrossEntropy;
        writer.Need(sigmoid ? ["exp", "sigmoid"] : ["exp", "sum", "softmax"]);
        Line(sigmoid ? $"    for (int j = 0; j < {network.Outputs}; j++) {values}[j] = {_name}_sigmoid({values}[j]);"
            : (FormattableString)$"    {_name}_softmax({network.Outputs}, {values});");
    }

    private void AddUnits(TableModel model)
    {
        for (int j = 0; j < model.Labels.Names.Count; j++)
            Line($"    values[{j}] = {CText.Number(model.Labels.Description.Scales[j].Mean)} + {_name}_times(values[{j}], {CText.Number(model.Labels.Description.Scales[j].StdDev)});");
    }

    private void AddGreatest(int count)
    {
        writer.Line("    int best = 0;");
        Line($"    for (int j = 1; j < {count}; j++)");
        writer.Line("        if (values[j] > values[best]) best = j;");
        writer.Line("    return best;");
    }

    private void Line(FormattableString text) => writer.Line(FormattableString.Invariant(text));
}
