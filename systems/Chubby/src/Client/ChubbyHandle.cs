using Microcosm.Chubby.Cell;

namespace Microcosm.Chubby.Client;

/// <summary>An open file or directory (OSDI'06 2.6). Every call may throw <see cref="ChubbyException"/>.</summary>
public sealed class ChubbyHandle
{
    private readonly ChubbyClient _client;
    private volatile bool _isPoisoned;

    internal ChubbyHandle(ChubbyClient client, long id, string path) => (_client, Id, Path) = (client, id, path);

    /// <summary>What the handle asked for at Open, and fail-overs and its own end.</summary>
    public event Action<ChubbyEvent>? Happened;

    /// <summary>The file's name.</summary>
    public string Path { get; }

    /// <summary>True if Open made the file.</summary>
    public bool IsNew { get; private set; }

    /// <summary>The file as it was at Open.</summary>
    public FileStat StatAtOpen { get; private set; }

    internal long Id { get; }

    /// <summary>Contents and stat of one moment, from the cache if they are there.</summary>
    public async Task<FileContents> GetContentsAndStatAsync(CancellationToken cancellation = default)
    {
        ThrowIfPoisoned();
        if (_client.Cached(Path) is { } cached)
            return cached;
        var fields = await CallAsync(CallNumber.GetContentsAndStat, _ => { }, isRepeatable: true, Cache, cancellation);
        return Read(fields).Contents;
    }

    /// <summary>The stat alone, from the master.</summary>
    public async Task<FileStat> GetStatAsync(CancellationToken cancellation = default) =>
        ReadStat(await CallAsync(CallNumber.GetStat, _ => { }, isRepeatable: true, cancellation: cancellation));

    /// <summary>Names and stats of the children, in order.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, FileStat>>> ReadDirAsync(CancellationToken cancellation = default)
    {
        var fields = await CallAsync(CallNumber.ReadDir, _ => { }, isRepeatable: true, cancellation: cancellation);
        return ReadChildren(fields);
    }

    /// <summary>Replaces the contents, whole: at most 256 kB.</summary>
    /// <param name="contents">All of them.</param>
    /// <param name="generation">What the content generation must be for it, or -1.</param>
    /// <param name="cancellation">Gives up waiting, not the write.</param>
    public async Task<FileStat> SetContentsAsync(
        ReadOnlyMemory<byte> contents, long generation = -1, CancellationToken cancellation = default)
    {
        if (contents.Length > CellLimits.FileBytesMax)
            throw new ChubbyException(ChubbyError.LimitExceeded, $"{Path}: {contents.Length} bytes of {CellLimits.FileBytesMax}");
        return ReadStat(await CallAsync(CallNumber.SetContents, w =>
        {
            w.Buffer(contents.ToArray());
            w.Long(generation);
        }, isRepeatable: false, cancellation: cancellation));
    }

    /// <summary>Replaces the ACL.</summary>
    public Task SetAclAsync(IReadOnlyList<FileAcl> acl, CancellationToken cancellation = default) =>
        CallAsync(CallNumber.SetAcl, w => w.Acl(AclText.Parse(acl)), isRepeatable: false, cancellation: cancellation);

    /// <summary>Deletes the file, if it has no children. All handles on it are invalid then.</summary>
    public Task DeleteAsync(CancellationToken cancellation = default) =>
        CallAsync(CallNumber.Delete, _ => { }, isRepeatable: false, cancellation: cancellation);

    /// <summary>Waits for the lock. A cancelled call gives back what it may have got.</summary>
    public async Task<Sequencer> AcquireAsync(LockMode mode, CancellationToken cancellation = default)
    {
        try
        {
            var fields = await CallAsync(CallNumber.Acquire, w => w.Int((int)mode), isRepeatable: true, cancellation: cancellation);
            return Acquired(mode, fields);
        }
        catch (OperationCanceledException)
        {
            _ = GiveBackAsync();
            throw;
        }
    }

    /// <summary>Takes the lock if that can be done at once; else null.</summary>
    public async Task<Sequencer?> TryAcquireAsync(LockMode mode, CancellationToken cancellation = default)
    {
        try
        {
            var fields = await CallAsync(CallNumber.TryAcquire, w => w.Int((int)mode), isRepeatable: true, cancellation: cancellation);
            return Acquired(mode, fields);
        }
        catch (ChubbyException e) when (e.Error is ChubbyError.LockHeld or ChubbyError.LockDelayed)
        {
            return null;
        }
    }

    /// <summary>Gives the lock back.</summary>
    public Task ReleaseAsync(CancellationToken cancellation = default) =>
        CallAsync(CallNumber.Release, _ => { }, isRepeatable: true, cancellation: cancellation);

    /// <summary>The sequencer of the lock that this handle holds.</summary>
    public async Task<Sequencer> GetSequencerAsync(CancellationToken cancellation = default)
    {
        var fields = await CallAsync(CallNumber.GetSequencer, _ => { }, isRepeatable: true, cancellation: cancellation);
        return ReadSequencer(fields);
    }

    /// <summary>Puts the handle under a sequencer: its calls fail once that is void.</summary>
    public Task SetSequencerAsync(Sequencer sequencer, CancellationToken cancellation = default) =>
        CallAsync(CallNumber.SetSequencer, w => CellCodec.Write(w, sequencer), isRepeatable: true, cancellation: cancellation);

    /// <summary>Lets calls through this handle fail from now on, without closing it: others may be using its memory.</summary>
    public void Poison() => _isPoisoned = true;

    /// <summary>Closes the handle; never fails. A lock that it holds is free.</summary>
    public async Task CloseAsync()
    {
        _isPoisoned = true;
        _client.Forget(this);
        try
        {
            await _client.CallAsync(CallNumber.Close, w => w.Long(Id), Path, isRepeatable: true);
        }
        catch (ChubbyException)
        {
            // It is closed on the other side, or its session is gone.
        }
    }

    internal void Opened(byte[] fields)
    {
        var reader = new JuteReader(fields);
        (IsNew, StatAtOpen) = (reader.Bool(), CellCodec.ReadStat(ref reader));
    }

    internal void Tell(ChubbyEvent happened) => Happened?.Invoke(happened);

    // Under the client's lock, in the order in which the master answered.
    private void Cache(byte[] fields)
    {
        var (isCacheable, contents) = Read(fields);
        if (isCacheable && !_isPoisoned)
            _client.Cache(Path, contents);
    }

    private async Task<byte[]> CallAsync(int operation, Action<JuteWriter> write, bool isRepeatable, Action<byte[]>? seen = null,
        CancellationToken cancellation = default)
    {
        ThrowIfPoisoned();
        return await _client.CallAsync(operation, w =>
        {
            w.Long(Id);
            write(w);
        }, Path, isRepeatable, seen, cancellation);
    }

    private async Task GiveBackAsync()
    {
        try
        {
            await ReleaseAsync();
        }
        catch (ChubbyException)
        {
            // It was not held.
        }
    }

    private void ThrowIfPoisoned()
    {
        if (_isPoisoned)
            throw new ChubbyException(ChubbyError.Poisoned, $"{Path}: the handle is poisoned or closed");
    }

    private Sequencer Acquired(LockMode mode, byte[] fields) =>
        new(Path, StatAtOpen.Instance, mode, new JuteReader(fields).Long());

    private static (bool IsCacheable, FileContents Contents) Read(byte[] fields)
    {
        var reader = new JuteReader(fields);
        var (isCacheable, stat) = (reader.Bool(), CellCodec.ReadStat(ref reader));
        return (isCacheable, new FileContents(reader.Buffer(), stat));
    }

    private static FileStat ReadStat(byte[] fields)
    {
        var reader = new JuteReader(fields);
        return CellCodec.ReadStat(ref reader);
    }

    private static Sequencer ReadSequencer(byte[] fields)
    {
        var reader = new JuteReader(fields);
        return CellCodec.ReadSequencer(ref reader);
    }

    private static KeyValuePair<string, FileStat>[] ReadChildren(byte[] fields)
    {
        var reader = new JuteReader(fields);
        var children = new KeyValuePair<string, FileStat>[reader.Count(45)];
        for (var i = 0; i < children.Length; i++)
            children[i] = new(reader.String(), CellCodec.ReadStat(ref reader));
        return children;
    }
}
