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

    /// <summary>
    /// Fills the file with zeros from its end up to <paramref name="length"/>, beside writes and syncs that come meanwhile; completes, on
    /// the node's executor, when that survives a crash. Nothing happens where it is as long. What is written there later is synced without
    /// the file's metadata, which a journal would have to take. It ends early where the file is cut or disposed. Who makes room writes by
    /// offsets, since the end is no longer that of what was written.
    /// </summary>
    ValueTask MakeRoomAsync(long length, CancellationToken cancellation = default);

    /// <summary>The same as <see cref="SyncAsync"/>, blocking the executor. For shutdown and for peers that block likewise (redis
    /// SAVE).</summary>
    void Sync();
}
