// SPDX-License-Identifier: MIT
using System.CommandLine;
using System.CommandLine.Invocation;
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Cli;

/// <summary>--version: the version alone, for scripts; info says more.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        Console.Out.WriteLine("nativemlp " + ProgramVersion.Text);
        return ExitCodes.Done;
    }
}
