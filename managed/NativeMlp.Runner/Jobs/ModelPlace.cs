// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Jobs;

/// <summary>
/// The file that a run's model will be, claimed before training: DIR/moons-1f3a90c2.safetensors, the digits being a
/// fingerprint of all settings. Nothing that exists is overwritten; the next run with the same settings is numbered -2, -3, ...
/// While the run lasts, a hidden file beside the model keeps the name from another run.
/// </summary>
internal sealed class ModelPlace : IDisposable
{
    private const string Extension = ".safetensors";
    private const int MostModels = 100_000;

    private readonly FileStream _claim;

    private ModelPlace(string path, FileStream claim) => (Path, _claim) = (path, claim);

    /// <summary>Where the finished model goes.</summary>
    public string Path { get; }

    /// <summary>Where an unfinished model goes, so that nobody takes it for a finished one.</summary>
    public string Interrupted => InterruptedOf(Path);

    /// <exception cref="RunnerException">The folder cannot be written, or a folder has the name.</exception>
    public static ModelPlace Claim(TrainingPlan plan)
    {
        OutputFolder.Make(plan.Out);
        string name = $"{plan.Data}-{Fingerprint(plan)}";
        for (int number = 1; number <= MostModels; number++)
        {
            string numbered = number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
            if (TryClaim(plan.Out, numbered) is { } place)
                return place;
        }
        throw RunnerException.Usage($"{Setting.Out.Option} {Printable.Path(plan.Out)} has {MostModels} models of these settings already; choose another folder.");
    }

    public void Dispose() => _claim.Dispose();

    /// <summary>Eight hexadecimal digits of a hash over everything that makes a run what it is; the number of threads does not.</summary>
    public static string Fingerprint(TrainingPlan plan)
    {
        string settings = string.Join('\n', plan.Data, plan.DataDir, plan.Preset?.Name, string.Join(',', plan.Hidden),
            plan.Network with { Threads = 0, Hidden = [] }, plan.Training, plan.Validation.ToString(CultureInfo.InvariantCulture));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings)).AsSpan(0, 4));
    }

    private static ModelPlace? TryClaim(string folder, string name)
    {
        string path = System.IO.Path.Combine(folder, name + Extension);
        if (Directory.Exists(path))
            throw RunnerException.Usage($"The model cannot be saved as {Printable.Path(path)}, because a folder has that name; remove it or choose another {Setting.Out.Option}.");
        if (IsTaken(path) || OpenClaim(System.IO.Path.Combine(folder, $".{name}.claim")) is not { } claim)
            return null;
        if (!IsTaken(path))
            return new ModelPlace(path, claim);
        claim.Dispose(); // another run has saved its model between the two looks
        return null;
    }

    private static bool IsTaken(string path) => System.IO.Path.Exists(path) || System.IO.Path.Exists(InterruptedOf(path));

    private static string InterruptedOf(string path) => System.IO.Path.ChangeExtension(path, null) + "-interrupted" + Extension;

    // A claim that a killed run has left behind is locked by nobody and can be taken over; a link is not followed.
    private static FileStream? OpenClaim(string path)
    {
        try
        {
            FileMode mode = File.Exists(path) && new FileInfo(path).LinkTarget is null ? FileMode.Open : FileMode.CreateNew;
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // another run has it
        }
    }
}
