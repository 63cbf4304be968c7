// SPDX-License-Identifier: MIT
using System.Text;
using NativeMlp.Runner.Cli;
using NativeMlp.Runner.Output;

if (OperatingSystem.IsWindows())
    Console.OutputEncoding = Encoding.UTF8; // block characters, and the same bytes in a file as on other systems

StandardStreams.Open();
return StandardStreams.Judge(await RunnerCommandLine.RunAsync(args));
