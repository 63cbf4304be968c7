// SPDX-License-Identifier: MIT
using System.Text.Json;
using System.Text.RegularExpressions;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Documents;

/// <summary>The schema in docs/json-lines.md against what train prints.</summary>
public sealed partial class JsonLinesTests
{
    [Theory]
    [InlineData("moons", "--epochs", "2", "--validation", "0.2")]
    [InlineData("TABLE", "--label", "label", "--epochs", "2", "--ensemble", "1", "--folds", "2")]
    public void Train_OfAnyData_PrintsTheMembersThatAreDocumented(string data, params string[] options)
    {
        using var folder = new TemporaryFolder();
        string source = data == "TABLE" ? TestFiles.PathOf("tabular", "iris.csv") : data;
        CommandResult result = Command.Runner(["train", source, .. options, "--json", "--out", folder.File("run")]).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Dictionary<string, HashSet<string>> documented = Documented();
        JsonElement[] lines = [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.All(lines, line => Assert.Empty(line.EnumerateObject().Select(member => member.Name).Except(documented[line.GetProperty("event").GetString()!])));
        Assert.Equal("run", lines[0].GetProperty("event").GetString());
        Assert.Equal("result", lines[^1].GetProperty("event").GetString());
        Assert.Equal(1, lines[0].GetProperty("schema").GetInt32());
        Assert.Equal("2", lines[0].GetProperty("settings").GetProperty("Epochs").ToString());
        Assert.Equal(folder.File("run"), lines[^1].GetProperty("run").GetString());
        HashSet<string> printed = [.. lines.SelectMany(line => line.EnumerateObject().Select(member => member.Name))];
        Assert.Empty(documented["run"].Concat(documented["result"]).Except(printed));
    }

    /// <summary>A fold that diverges ends the run, which says so on its last line as a run without folds does.</summary>
    [Theory]
    [InlineData("Diverged in epoch 1 ")]
    [InlineData("Fold 1: Diverged in epoch 1 ", "--folds", "2")]
    public void Train_OfATableThatDiverges_EndsWithItsResult(string words, params string[] options)
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Runner(["train", TestFiles.PathOf("tabular", "diabetes.csv"), "--label", "target", "--lr", "1e30", "--epochs", "2", .. options, "--json", "--out", folder.File("run")]).Run();
        Assert.True(result.ExitCode == 5, result.ToString());
        Assert.StartsWith("nativemlp: " + words, result.Error, StringComparison.Ordinal);
        Assert.Equal("diverged", JsonDocument.Parse(result.Lines[^1]).RootElement.GetProperty("status").GetString());
    }

    // The members of each kind of line, by the headings and the tables of the page.
    private static Dictionary<string, HashSet<string>> Documented()
    {
        Dictionary<string, HashSet<string>> kinds = [];
        HashSet<string> current = [];
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root!, "docs", "json-lines.md")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal) || line.StartsWith("| member of ", StringComparison.Ordinal))
                kinds[Regex.Match(line, @"^(?:## |\| member of `)(\w+)").Groups[1].Value] = current = [];
            else if (line.StartsWith("| `", StringComparison.Ordinal))
                current.UnionWith(Name().Matches(line[..line.IndexOf('|', 1)]).Select(match => match.Groups[1].Value));
        }

        kinds["folds"].UnionWith(kinds["folds"].Where(name => name is "accuracy" or "auc" or "log_loss" or "r2" or "rmse" or "mae").Select(name => name + "_deviation").ToArray());
        return kinds;
    }

    [GeneratedRegex("`([a-z0-9_]+)`")]
    private static partial Regex Name();
}
