// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Data;
using NativeMlp.Runner.Hosting;
using NativeMlp.Runner.Views;

namespace NativeMlp.Runner.Commands.TwoLayerNet;

/// <summary>Walks the whole assignment two_layer_net of CS231n; without CIFAR-10, its first half.</summary>
internal sealed class TwoLayerNetJob(IOptions<RunnerSettings> settings) : IJob
{
    private readonly RunnerSettings _settings = settings.Value;

    public int Run(CancellationToken stop)
    {
        TwoLayerNetView view = new(Terminal.Create());
        view.ShowTitle();
        bool asPublished = new ToyWalk(view).Run(_settings.Threads ?? 0, stop);
        if (HasPictures(_settings.DataDir))
            new PictureWalk(view).Run(_settings, stop);
        else
            view.ShowMissingPictures(_settings.DataDir);
        return asPublished ? ExitCodes.Done
            : Failure.Report(ExitCodes.Unexpected, "The toy network is not what the course publishes.");
    }

    // A folder that was named but is not there is an error, which loading tells.
    private static bool HasPictures(string? folder) =>
        folder is not null && (!Directory.Exists(folder) || DataFolder.Contains(PictureWalk.Data, folder));
}
