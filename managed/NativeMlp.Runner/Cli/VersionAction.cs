// SPDX-License-Identifier: MIT
using System.CommandLine;
using System.CommandLine.Invocation;
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Cli;

/// <summary>The action of --version: shows only the version, for scripts. The command info shows more.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        Console.Out.WriteLine("nativemlp " + ProgramVersion.Text);
        return ExitCodes.Done;
    }
}
