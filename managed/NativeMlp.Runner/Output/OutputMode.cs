// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Output;

/// <summary>How results are written: for people, or one JSON object a line.</summary>
internal sealed record OutputMode(bool Json);
