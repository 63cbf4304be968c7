// SPDX-License-Identifier: MIT
using System.Text;
using NativeMlp.Runner.Commands;

if (OperatingSystem.IsWindows())
    Console.OutputEncoding = Encoding.UTF8; // block characters, and the same bytes in a file as on other systems

return await RunnerCommandLine.RunAsync(args);
