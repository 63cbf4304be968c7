// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;

namespace NativeMlp.Hosting;

internal sealed class NativeMlpOptionsValidator : IValidateOptions<NativeMlpOptions>
{
    public ValidateOptionsResult Validate(string? name, NativeMlpOptions options)
    {
        string model = $"The model {Printable.Quoted(name)}";
        if (string.IsNullOrWhiteSpace(options.Path))
            return ValidateOptionsResult.Fail($"{model} has no {nameof(options.Path)}; set it to a model file or to the folder of a run.");
        return options.PollInterval.TotalMilliseconds is >= 1 and <= int.MaxValue
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{model} has the {nameof(options.PollInterval)} {options.PollInterval}; it must be from 1 ms to {int.MaxValue} ms.");
    }
}
