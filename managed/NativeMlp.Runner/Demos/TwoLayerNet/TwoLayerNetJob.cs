// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Demos.TwoLayerNet;

/// <summary>Runs the assignment two_layer_net of CS231n; without CIFAR-10, only its first half.</summary>
internal sealed class TwoLayerNetJob(IOptions<RunnerSettings> settings) : IJob
{
    private readonly RunnerSettings _settings = settings.Value;

    public int Run(CancellationToken stop)
    {
        OptionRules.Check(OptionRules.Walk, new Choices(_settings, new RunnerSettings(), []));
        LoadedData? pictures = _settings.DataDir is { } folder ? LoadedData.Load(PictureWalk.Data, folder) : null;
        TwoLayerNetView view = new(Terminal.Create());
        view.ShowTitle();
        bool asPublished = new ToyWalk(view).Run(_settings.Threads ?? 0, stop);
        if (pictures is null)
            view.ShowMissingPictures();
        else
            new PictureWalk(view).Run(_settings, pictures, stop);
        return asPublished ? ExitCodes.Done
            : Failure.Report(ExitCodes.Unexpected, "The results of the toy network differ from the published ones.");
    }
}
