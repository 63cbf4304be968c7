// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Data;

namespace NativeMlp.Runner.Output;

/// <summary>Turns an exception into one message on standard error and an exit code.</summary>
internal static class Failure
{
    public static int Report(Exception exception)
    {
        (int code, string sentence) = Describe(exception);
        return Report(code, sentence);
    }

    public static int Report(int exitCode, string sentence)
    {
        Write(sentence);
        return exitCode;
    }

    /// <summary>Writes a warning about a run that continues.</summary>
    public static void Warn(string sentence) => Write("warning: " + OneLine(sentence));

    /// <summary>Returns the message of .NET about a file. The path in it may contain line breaks.</summary>
    public static string Reason(Exception exception) => Printable.Text(exception.Message, Printable.MessageLength);

    /// <summary>Returns the message of the library about an argument, without the C# name of the parameter.</summary>
    public static string Reason(ArgumentException exception) => exception.Message.Split(" (Parameter", 2)[0];

    /// <summary>Returns the exit code and the message for an exception.</summary>
    public static (int Code, string Sentence) Describe(Exception exception) => exception switch
    {
        RunnerException e => (e.ExitCode, OneLine(e.Message)),
        OptionsValidationException e => (ExitCodes.Usage, OneLine(e.Failures.FirstOrDefault() ?? e.Message)),
        DataFormatException e => (ExitCodes.Data, OneLine(e.Message)),
        NativeLibraryLoadException e => (ExitCodes.NativeLibrary, e.Message),
        DllNotFoundException or EntryPointNotFoundException or BadImageFormatException =>
            (ExitCodes.NativeLibrary, "The native library cannot be used: " + exception.Message),
        TypeInitializationException { InnerException: { } inner } => Describe(inner),
        AggregateException { InnerException: { } inner } => Describe(inner),
        OperationCanceledException => (ExitCodes.Interrupted, "Interrupted."),
        OutOfMemoryException => (ExitCodes.Unexpected, "There is not enough memory: " + exception.Message),
        IOException or UnauthorizedAccessException => (ExitCodes.Data, Reason(exception)),
        _ => (ExitCodes.Unexpected, OneLine(
            $"Unexpected {exception.GetType().Name}: {exception.Message} (Logging__LogLevel__Default=Debug shows where)")),
    };

    private static void Write(string sentence) => LiveRegion.Standard.Above(() => Console.Error.WriteLine("nativemlp: " + Printable.Lines(sentence)));

    private static string OneLine(string text) =>
        string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
