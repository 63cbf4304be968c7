// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;
using NativeMlp.State;

namespace NativeMlp.Storage;

/// <summary>Reads the metadata of one network in the file of a state, with the required types.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="entries">All metadata of the file.</param>
/// <param name="prefix">The prefix of the names of the network.</param>
internal sealed class StateEntries(string path, IReadOnlyDictionary<string, string> entries, string prefix)
{
    public bool Has(string name) => entries.ContainsKey(prefix + name);

    public string Text(string name) =>
        entries.GetValueOrDefault(prefix + name) ?? throw new DataFormatException(path, $"its metadata lack '{prefix}{name}'.");

    public T Number<T>(string name)
        where T : ISpanParsable<T> =>
        T.TryParse(Text(name), CultureInfo.InvariantCulture, out T? value)
            ? value : throw new DataFormatException(path, $"its metadata say {prefix}{name}={Printable.Quoted(Text(name))}; it must be a number.");

    public DataFingerprint? Data(string which) => !Has(which + ".sha256") ? null
        : new DataFingerprint(Number<int>(which + ".rows"), Number<int>(which + ".features"), Number<int>(which + ".classes"),
            Number<int>(which + ".targets"), Text(which + ".sha256"));

    public OptimizerState OptimizerState() => new(
        Enum.TryParse(Text("optimizer.kind"), out OptimizerKind kind) && Enum.IsDefined(kind)
            ? kind : throw new DataFormatException(path, $"its metadata say {prefix}optimizer.kind={Printable.Quoted(Text("optimizer.kind"))}, which names no optimizer."),
        Number<ulong>("optimizer.steps"), Number<double>("optimizer.beta1_power"), Number<double>("optimizer.beta2_power"));
}
