namespace Microcosm.Runtime;

/// <summary>An open file. Not thread-safe, but a sync may overlap with appends: it covers what was written before it began.</summary>
public interface IDiskFile : IDisposable
{
    /// <summary>Length in bytes, unsynced writes included.</summary>
    long Length { get; }

    /// <summary>Reads up to <c>buffer.Length</c> bytes at <paramref name="offset"/>; 0 at the end of the file.</summary>
    int Read(long offset, Span<byte> buffer);

    /// <summary>Writes at <paramref name="offset"/>, growing the file as needed.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Writes at the end.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Cuts or extends the file with zeros.</summary>
    void SetLength(long length);

    /// <summary>Completes, on the node's executor, when all that was written before the call survives a crash (fdatasync), also if
    /// the file is disposed meanwhile.</summary>
    ValueTask SyncAsync(CancellationToken cancellation = default);

    /// <summary>The same, blocking the executor. For shutdown and for peers that block likewise (redis SAVE).</summary>
    void Sync();
}
