// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Logging;

namespace NativeMlp.Hosting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Model {Name}: version {Version} answers from now on; it was loaded from {Path}, SHA-256 of its weights {Sha256}.")]
    public static partial void Loaded(ILogger logger, string name, int version, string path, string sha256);

    [LoggerMessage(2, LogLevel.Warning, "Model {Name}: the new file was refused, and version {Version} goes on answering. {Problem}")]
    public static partial void Refused(ILogger logger, string name, int version, string problem);
}
