// SPDX-License-Identifier: MIT
using System.Text;
using NativeMlp.Runner.Commands;

if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected)
    Console.OutputEncoding = Encoding.UTF8; // block characters of the decision regions

return await RunnerCommandLine.RunAsync(args);
