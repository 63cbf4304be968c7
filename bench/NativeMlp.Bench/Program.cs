// SPDX-License-Identifier: MIT
using NativeMlp.Bench;
using NativeMlp.Bench.Busy;
using NativeMlp.Bench.Reporting;

// The two that are timed from process start come first: they must not load what the others need.
return args switch
{
    [StartUp.Empty] => 0,
    [StartUp.FirstStep] => StartUp.RunFirstStep(),
    [EndlessLoops.Word] => EndlessLoops.Run(),
    _ => BenchCommandLine.Run(args),
};
