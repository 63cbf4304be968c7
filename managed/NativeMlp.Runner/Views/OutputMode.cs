// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Views;

/// <summary>How results are written: for people, or one JSON object a line.</summary>
internal sealed record OutputMode(bool Json);
