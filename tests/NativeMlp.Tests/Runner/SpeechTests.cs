// SPDX-License-Identifier: MIT
using System.Text.RegularExpressions;
using NativeMlp.Runner;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>What the program prints for people: help, commands that can be pasted, and nothing that controls the terminal.</summary>
[Trait("Starts", "Processes")]
public sealed class SpeechTests
{
    private const string Red = "\e[31m";

    [Theory]
    [InlineData("--help")]
    [InlineData("train --help")]
    [InlineData("help evaluate")]
    [InlineData("help demo two-layer-net")]
    [InlineData("help")]
    public void Help_OfACommand_HasExamples(string line)
    {
        CommandResult result = Command.Runner(line.Split(' ')).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("Examples:", result.Output, StringComparison.Ordinal);
        Assert.All(result.Output.Split('\n'), text => Assert.InRange(text.Length, 0, 80));
    }

    [Fact]
    public void Help_AndVersion_AreCommandsToo()
    {
        Assert.Equal(Command.Runner("train", "--help").Run().Output, Command.Runner("help", "train").Run().Output);
        Assert.Equal(Command.Runner("--version").Run().Output, Command.Runner("version").Run().Output);
        CommandResult misspelt = Command.Runner("help", "trian").Run();
        Assert.True(misspelt.ExitCode == 2, misspelt.ToString());
        Assert.Contains("did you mean 'train'?", misspelt.Error, StringComparison.Ordinal);
        Assert.Contains("[default: 10]", Command.Runner("gradcheck", "--help").Run().Output, StringComparison.Ordinal);
    }

    /// <summary>Examples are what people copy: each is run as far as its words go.</summary>
    [Fact]
    public void Examples_OfTheHelp_AreUnderstood()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, Command.Runner("train", "--data", "moons", "--epochs", "1", "--out", folder.Path).Run().ExitCode);
        string model = folder.File("best.safetensors");
        foreach (string command in new[] { "train", "evaluate", "predict", "gradcheck", "info", "help" })
        {
            string help = Command.Runner("help", command).Run().Output;
            string[] examples = [.. Regex.Matches(help[help.IndexOf("Examples:", StringComparison.Ordinal)..].Replace("\n    ", " ", StringComparison.Ordinal), "^  nativemlp (.*)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
            Assert.NotEmpty(examples);
            foreach (string example in examples.Where(example => !example.Contains("runs/", StringComparison.Ordinal) && !example.Contains(".csv", StringComparison.Ordinal))) // TableCommandTests has the others
            {
                string[] words = [.. example.Replace("MODEL", model, StringComparison.Ordinal).Replace("DIR", folder.File("none"), StringComparison.Ordinal).Split(' ')];
                CommandResult result = Command.Runner(command == "train" ? [.. words, "--out", folder.File("out"), "--overwrite"] : words).Run();
                Assert.True(result.ExitCode == (example.Contains("DIR", StringComparison.Ordinal) ? 3 : 0), $"{example}: {result}");
            }
        }
    }

    [Theory]
    [InlineData("plain-1.safetensors")]
    [InlineData("a b/Größe-模型-Ω'\"$x")]
    [InlineData("$(touch x) `touch y` ; * ? ~ ! # & | < > ( ) [ ] { } \\")]
    [InlineData("tab\tline\nescape\e[31m'quote'\\")]
    [InlineData("")]
    public void Quote_OfAnyText_IsOneWordOfTheShell(string text)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "bash reads it");
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Shell(folder, $"printf '<%s>' {Invocation.Quote(text)}").Run();
        Assert.Equal($"<{text}>", result.Output.TrimEnd('\n'));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    /// <summary>The command that train prints works when it is pasted, whatever the folder is called.</summary>
    [Fact]
    public void Train_InAFolderOfAnyName_PrintsACommandThatWorks()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "bash reads it");
        using var folder = new TemporaryFolder();
        string place = folder.File("a b/Größe-模型-Ω'\"$x");
        CommandResult trained = Command.Runner("train", "--data", "moons", "--epochs", "1", "--out", place).Run();
        Assert.True(trained.ExitCode == 0, trained.ToString());
        string next = trained.Lines.Single(line => line.StartsWith("next", StringComparison.Ordinal))["next".Length..].Trim();
        Assert.StartsWith("dotnet /", next, StringComparison.Ordinal); // as it was started
        CommandResult pasted = Command.Shell(folder, next).Run();
        Assert.True(pasted.ExitCode == 0, pasted.ToString());
        Assert.Equal(Tested(trained), Tested(pasted));

        static string Tested(CommandResult result) => Regex.Match(result.Output, @"^test +accuracy 0\.\d+, loss \d\.\d+", RegexOptions.Multiline).Value;
    }

    [Fact]
    public void Describe_OfAProgram_IsHowItWasStarted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the paths are POSIX's");
        Assert.Equal("'/opt/my programs/nativemlp'", Invocation.Describe("/opt/my programs/nativemlp", "ignored"));
        Assert.Equal("dotnet /opt/NativeMlp.Runner.dll", Invocation.Describe("/usr/bin/dotnet", "/opt/NativeMlp.Runner.dll"));
        Assert.Equal("/opt/other/NativeMlp.Runner", Invocation.Describe("/opt/other/NativeMlp.Runner", "ignored"));
    }

    [Fact]
    public void Words_FromOutside_AreEscaped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "such names are not allowed there");
        using var folder = new TemporaryFolder();
        string place = folder.File(Red + "\rname\n");
        Directory.CreateDirectory(Path.Combine(place, "synthetic"));
        File.WriteAllText(Path.Combine(place, "synthetic/moons_train.csv"), $"{Red}x,y,label\n0,{Red},1\n");
        CommandResult[] results =
        [
            Command.Runner("train", "--data", "moons", "--epochs", "1", "--out", place).With("Logging__LogLevel__Default", "Debug").Run(),
            Command.Runner("evaluate", "--model", Red, "--data", "moons").Run(),
            Command.Runner("train", "--data", Red).Run(),
            Command.Runner("train", Red).Run(),
            Command.Runner(Red).Run(),
            Command.Runner("train", "--data", "moons", "--data-dir", place).With("Logging__LogLevel__Default", "Debug").Run(),
            Command.Runner("info").With("NMLP_ISA", Red).Run(),
            Command.Runner("info").With("NATIVEMLP__" + Red, "1").Run(),
            Command.Runner("info").With("Logging__LogLevel__Default", Red).Run(),
        ];
        Assert.All(results, result => Assert.DoesNotContain('\e', result.Output + result.Error));
        Assert.All(results, result => Assert.DoesNotContain('\r', result.Output + result.Error));
        Assert.Equal([0, 3, 2, 2, 2, 3, 4, 2, 2], results.Select(result => result.ExitCode));
        Assert.InRange(Command.Runner("train", "--data", new string('x', 100_000)).Run().Error.Length, 1, 2500);
    }

    /// <summary>A line break in a path is shown as what it is, also in the words of .NET: the path can be found again.</summary>
    [Fact]
    public void Paths_WithLineBreaks_AreShownWhole()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "such names are not allowed there");
        using var folder = new TemporaryFolder();
        string file = folder.Write("two\nlines", [1]), shown = file.Replace("\n", "\\n", StringComparison.Ordinal);
        CommandResult[] results =
        [
            Command.Runner("train", "--data", "moons", "--out", file).Run(),
            Command.Runner("train", "--data", "moons", "--out", Path.Combine(file, "below")).Run(),
            Command.Runner("train", "--data", "moons", "--data-dir", file).Run(),
            Command.Runner("evaluate", "--data", "moons", "--model", file).Run(),
            Command.Runner("evaluate", "--data", "moons", "--model", file + ".none").Run(),
        ];
        Assert.Equal([2, 2, 3, 3, 3], results.Select(result => result.ExitCode));
        Assert.All(results, result => Assert.Contains(shown, result.Error, StringComparison.Ordinal));
        Assert.All(results, result => Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void Describe_OfAnExceptionOfDotNet_EscapesItsPath()
    {
        Exception[] exceptions = [new IOException("No 'a\nb\e[31m'."), new UnauthorizedAccessException("No 'a\nb\e[31m'."), new FileNotFoundException("No 'a\nb\e[31m'.")];
        Assert.All(exceptions, exception => Assert.Equal((ExitCodes.Data, @"No 'a\nb\u001B[31m'."), Failure.Describe(exception)));
        Assert.All(exceptions, exception => Assert.Equal(@"No 'a\nb\u001B[31m'.", WriteFault.Reason(exception)));
    }

    [Fact]
    public void Wrap_OfAText_BreaksAtSpacesOnly()
    {
        string[] lines = [.. NativeMlp.Runner.Output.Terminal.Wrap("nativemlp train --data fashion-mnist --activation gelu", 20)];
        Assert.Equal(["nativemlp train", "--data fashion-mnist", "--activation gelu"], lines);
        Assert.Equal(["a", "wordlongerthanthat", "b"], NativeMlp.Runner.Output.Terminal.Wrap("a wordlongerthanthat b", 4));
    }

    [Theory]
    [InlineData("gradcheck --init zeros", 0, "")]
    [InlineData("gradcheck --init normal --init-std 1e-7", 0, "")]
    [InlineData("gradcheck --loss hinge --delta 1e30", 2, "Nothing could be compared")]
    [InlineData("gradcheck --loss hinge --delta 1e5", 0, "")]
    [InlineData("gradcheck --loss huber --delta 1e9", 0, "")]
    [InlineData("gradcheck --init zeros --activation tanh", 0, "")]
    public void Gradcheck_OfHardSettings_IsNoFailure(string line, int exitCode, string sentence)
    {
        CommandResult result = Command.Runner(line.Split(' ')).Run();
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.DoesNotContain("FAILED", result.Output, StringComparison.Ordinal);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }
}
