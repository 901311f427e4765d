using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// The open files of all logs of one node, at most so many: the one that was not used for longest is closed first. Ten thousand partitions
/// with a few files each are more than a process may open. Invariant: the files in the list are those that are open.
/// </summary>
internal sealed class LogFiles(IDisk disk, int openMax = 2_000)
{
    private readonly LinkedList<LogFile> _open = new();
    private byte[] _scratch = [];

    public IDisk Disk => disk;

    /// <summary>Files that are open.</summary>
    public int OpenCount => _open.Count;

    /// <summary>A buffer that is good until the next call, for bytes on their way to a file; a large one is not kept.</summary>
    internal Span<byte> Scratch(int size)
    {
        const int kept = 2 << 20;
        if (size > kept)
            return new byte[size];
        if (_scratch.Length < size)
            _scratch = new byte[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(size, 4096))];
        return _scratch.AsSpan(0, size);
    }

    internal void Opened(LogFile file)
    {
        _open.AddFirst(file.Node);
        if (_open.Count > openMax)
            _open.Last!.Value.Close();
    }

    internal void Used(LogFile file)
    {
        if (_open.First == file.Node)
            return;
        _open.Remove(file.Node);
        _open.AddFirst(file.Node);
    }

    internal void Closed(LogFile file) => _open.Remove(file.Node);
}
