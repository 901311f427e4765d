using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>A file of a log, opened when it is used, and made when it is first written to.</summary>
internal sealed class LogFile
{
    private readonly LogFiles _files;
    private IDiskFile? _handle;
    private bool _isDeleted;

    public LogFile(LogFiles files, string path)
    {
        (_files, Path) = (files, path);
        Node = new LinkedListNode<LogFile>(this);
    }

    public string Path { get; }

    internal LinkedListNode<LogFile> Node { get; }

    /// <summary>True if there is such a file; opens it then.</summary>
    public bool Exists => _handle is not null || _files.Disk.Exists(Path);

    /// <summary>0 if there is no file.</summary>
    public long Length => Exists ? Open().Length : 0;

    /// <summary>Reads what there is, up to the buffer's length, which may be less at the end of the file.</summary>
    public int Read(long position, Span<byte> buffer)
    {
        var file = Open();
        var count = 0;
        while (count < buffer.Length && file.Read(position + count, buffer[count..]) is > 0 and var read)
            count += read;
        return count;
    }

    /// <summary>Writes. True if the file was made for it, so that its name must be synced too.</summary>
    public bool Write(long position, ReadOnlySpan<byte> bytes)
    {
        var isNew = !Exists;
        (isNew ? Make() : Open()).Write(position, bytes);
        return isNew;
    }

    /// <summary>Writes a new file, whatever was there.</summary>
    public void Replace(ReadOnlySpan<byte> bytes)
    {
        Close();
        Make().Write(0, bytes);
    }

    public void SetLength(long length) => Open().SetLength(length);

    /// <summary>Nothing happens if it was deleted meanwhile.</summary>
    public ValueTask SyncAsync() => _isDeleted ? ValueTask.CompletedTask : Open().SyncAsync();

    /// <summary>Fills the file with zeros, durably, up to a length.</summary>
    public ValueTask MakeRoomAsync(long length) => Open().MakeRoomAsync(length);

    /// <summary>Closes the handle; what was written is no less in the page cache.</summary>
    public void Close()
    {
        if (_handle is null)
            return;
        _files.Closed(this);
        _handle.Dispose();
        _handle = null;
    }

    public void Delete()
    {
        Close();
        _files.Disk.Delete(Path);
        _isDeleted = true;
    }

    private IDiskFile Make()
    {
        _handle = _files.Disk.Open(Path, DiskOpen.Truncate);
        _isDeleted = false;
        _files.Opened(this);
        return _handle;
    }

    private IDiskFile Open()
    {
        if (_handle is not null)
        {
            _files.Used(this);
            return _handle;
        }
        _handle = _files.Disk.Open(Path, DiskOpen.Existing);
        _files.Opened(this);
        return _handle;
    }
}
