// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Logging;

namespace NativeMlp.Hosting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Model {Name}: now serving version {Version}, loaded from {Path} (SHA-256 of the weights: {Sha256}).")]
    public static partial void Loaded(ILogger logger, string name, int version, string path, string sha256);

    [LoggerMessage(2, LogLevel.Warning, "Model {Name}: the new file was rejected; version {Version} is still being served. {Problem}")]
    public static partial void Rejected(ILogger logger, string name, int version, string problem);

    [LoggerMessage(3, LogLevel.Warning, "Model {Name}: the file could not be read and will be tried again; version {Version} is still being served. {Problem}")]
    public static partial void NotRead(ILogger logger, string name, int version, string problem);
}
