// SPDX-License-Identifier: MIT
using NativeMlp.Storage;

namespace NativeMlp.Tests.Storage;

/// <summary>A file system that writes down the calls that change it, and what of them can be on the disk when the power
/// fails.</summary>
/// <remarks>The model is POSIX's, which promises little: the content of a file is durable after its flush, up to then each block of
/// each write may be there or not; a name that was made, given or removed is durable after the flush of the folder, up to then any
/// of these may have been done and any other not.</remarks>
/// <param name="target">The file whose content is looked at.</param>
/// <param name="old">Its durable content before the first call; null if there is no such file.</param>
internal sealed class RecordingDisk(string target, byte[]? old) : IFileSystem
{
    private readonly List<Call> _calls = [];
    private int _files;

    public bool FlushesFiles { get; init; } = true;

    public bool FlushesFolders { get; init; } = true;

    /// <summary>The bytes that the disk writes at once.</summary>
    public int Block { get; init; } = 512;

    /// <summary>Calls that were made.</summary>
    public int Count => _calls.Count;

    public Stream Create(string path, UnixFileMode? permissions)
    {
        _calls.Add(new Call(Kind.Create, path, ++_files));
        return new RecordedFile(this, _files);
    }

    public void Flush(Stream file)
    {
        if (FlushesFiles) _calls.Add(new Call(Kind.FlushFile, "", ((RecordedFile)file).Number));
    }

    public void Rename(string from, string to) => _calls.Add(new Call(Kind.Rename, from, 0) { To = to });

    public void Delete(string path) => _calls.Add(new Call(Kind.Delete, path, 0));

    public void FlushFolder(string folder)
    {
        if (FlushesFolders) _calls.Add(new Call(Kind.FlushFolder, folder, 0));
    }

    /// <summary>What the target can be after so many calls, for every choice of those that are not durable.</summary>
    /// <param name="calls">Calls before the power fails.</param>
    /// <param name="describe">Says what a content is; null for no file.</param>
    public IEnumerable<T> OutcomesAt<T>(int calls, Func<byte[]?, T> describe)
    {
        // Blocks of writes and changes of names, each of which happened or not; the durable ones always.
        List<Change> changes = [];
        for (int i = 0; i < calls; i++) changes.AddRange(Changes(_calls[i], i, calls));
        Change[] open = [.. changes.Where(change => !change.IsDurable)];
        Assert.True(open.Length <= 16, "too many choices to try them all");
        for (int choice = 0; choice < 1 << open.Length; choice++)
        {
            HashSet<Change> done = [.. open.Where((_, i) => (choice >> i & 1) != 0)];
            yield return describe(Content([.. changes.Where(change => change.IsDurable || done.Contains(change))]));
        }
    }

    private IEnumerable<Change> Changes(Call call, int at, int calls)
    {
        switch (call.Kind)
        {
            case Kind.Write:
                bool durable = _calls.Take(calls).Skip(at).Any(later => later.Kind == Kind.FlushFile && later.File == call.File);
                for (int start = 0; start < call.Bytes.Length; start += Block)
                    yield return new Change(call, durable) { Start = start, Length = Math.Min(Block, call.Bytes.Length - start) };
                break;
            case Kind.Create or Kind.Rename or Kind.Delete:
                yield return new Change(call, _calls.Take(calls).Skip(at).Any(later => later.Kind == Kind.FlushFolder));
                break;
        }
    }

    // A rename whose creation was lost still names the file: the folder has the entry of the last change that was done.
    private byte[]? Content(Change[] changes)
    {
        Dictionary<int, byte[]> contents = new() { [0] = old ?? [] };
        Dictionary<string, int> names = old is null ? [] : new() { [target] = 0 };
        Dictionary<string, int> made = [];
        foreach (Call call in _calls.Where(call => call.Kind == Kind.Create)) made[call.Path] = call.File;
        foreach (Change change in changes)
        {
            switch (change.Call.Kind)
            {
                case Kind.Create: names[change.Call.Path] = change.Call.File; break;
                case Kind.Delete: names.Remove(change.Call.Path); break;
                case Kind.Rename:
                    names.Remove(change.Call.Path);
                    names[change.Call.To] = made[change.Call.Path];
                    break;
                case Kind.Write:
                    byte[] content = contents.GetValueOrDefault(change.Call.File, []);
                    int end = change.Call.Position + change.Start + change.Length;
                    if (content.Length < end) Array.Resize(ref content, end); // a block that is missing before it is zeros
                    change.Call.Bytes.AsSpan(change.Start, change.Length).CopyTo(content.AsSpan(change.Call.Position + change.Start));
                    contents[change.Call.File] = content;
                    break;
            }
        }

        return names.TryGetValue(target, out int file) ? contents.GetValueOrDefault(file, []) : null;
    }

    private enum Kind
    {
        Create,
        Write,
        FlushFile,
        Rename,
        Delete,
        FlushFolder,
    }

    private sealed record Call(Kind Kind, string Path, int File)
    {
        public string To { get; init; } = "";
        public int Position { get; init; }
        public byte[] Bytes { get; init; } = [];
    }

    private sealed record Change(Call Call, bool IsDurable)
    {
        public int Start { get; init; }
        public int Length { get; init; }
    }

    private sealed class RecordedFile(RecordingDisk disk, int number) : MemoryStream
    {
        public int Number => number;

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            byte[] bytes = buffer.ToArray();
            disk._calls.Add(new Call(Kind.Write, "", number) { Position = (int)Position, Bytes = bytes });
            base.Write(bytes, 0, bytes.Length);
        }
    }
}
