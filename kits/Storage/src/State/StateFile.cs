using Microcosm.Runtime;

namespace Microcosm.Storage;

/// <summary>
/// A small value that is replaced as a whole: a hard state, a manifest. It is kept in two copies (<c>path.a</c>, <c>path.b</c>), written
/// and synced one after the other. After a crash the value is the last one saved or the one whose saving was under way. One damaged copy is
/// mended from the other, which is never older than what was acknowledged: that is what the second sync of a save buys. For one executor.
/// After an <see cref="IOException"/> only opening again helps.
/// </summary>
public sealed class StateFile : IDisposable
{
    private readonly string _path;
    private readonly int _bytesMax;
    private readonly IDiskFile[] _copies;
    private byte[]? _value;
    private ulong _version;
    private bool _isBusy;
    private Exception? _failure;

    private StateFile(string path, int bytesMax, IDiskFile[] copies) => (_path, _bytesMax, _copies) = (path, bytesMax, copies);

    /// <summary>False until the first save.</summary>
    public bool HasValue => _value is not null;

    /// <summary>The value; empty if there is none.</summary>
    public ReadOnlySpan<byte> Value => _value;

    /// <summary>Opens the file, or makes it. Throws <see cref="DamagedFileException"/> when neither copy can be trusted.</summary>
    /// <param name="bytesMax">Largest value, in bytes.</param>
    public static async ValueTask<StateFile> OpenAsync(IDisk disk, string path, int bytesMax = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesMax);
        var state = new StateFile(path, bytesMax,
            [disk.Open(path + ".a", DiskOpen.OrCreate), disk.Open(path + ".b", DiskOpen.OrCreate)]);
        try
        {
            await state.RecoverAsync();
            await disk.SyncNamesAsync();
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>Replaces the value; completes when that survives a crash. One at a time.</summary>
    public async ValueTask SaveAsync(ReadOnlyMemory<byte> value)
    {
        if (_failure is not null)
            throw new PoisonedException(_path, _failure);
        if (value.Length > _bytesMax)
            throw new ArgumentException($"{_path}: {value.Length} bytes are more than the {_bytesMax} that were agreed on", nameof(value));
        if (_isBusy)
            throw new InvalidOperationException($"{_path}: a save is under way");
        _isBusy = true;
        try
        {
            var bytes = StateCopy.Encode(_version + 1, value.Span);
            await WriteAsync(_copies[0], bytes, sync: !Bug.IsPlanted("state/copies-overwritten-together"));
            await WriteAsync(_copies[1], bytes);
            (_value, _version) = (value.ToArray(), _version + 1);
        }
        catch (IOException e)
        {
            _failure = e;
            throw;
        }
        finally
        {
            _isBusy = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var copy in _copies)
            copy.Dispose();
    }

    // A save writes the first copy, then the second, so a second one without the first, or two bad ones, are no crash's work.
    private async ValueTask RecoverAsync()
    {
        var (a, b) = (StateCopy.Read(_copies[0], _bytesMax), StateCopy.Read(_copies[1], _bytesMax));
        if (a.Value is null && b.Value is null)
        {
            if (!b.IsEmpty)
                throw new DamagedFileException(_path + (a.IsEmpty ? ".b" : ".a"), 0, "no copy of the state is whole");
            await ClearAsync();
            return;
        }
        var isFirstNewer = b.Value is null || (a.Value is not null && a.Version >= b.Version);
        var newer = isFirstNewer ? a : b;
        (_value, _version) = (newer.Value, newer.Version);
        // Both are written again, the newer one last: what was read may be in the page cache only, also after a sync that failed.
        var bytes = StateCopy.Encode(_version, _value);
        await WriteAsync(_copies[isFirstNewer ? 1 : 0], bytes);
        await WriteAsync(_copies[isFirstNewer ? 0 : 1], bytes);
    }

    // The first save ever was torn: there is no value yet.
    private async ValueTask ClearAsync()
    {
        if (_copies[0].Length == 0)
            return;
        _copies[0].SetLength(0);
        await _copies[0].SyncAsync();
    }

    private static ValueTask WriteAsync(IDiskFile copy, byte[] bytes, bool sync = true)
    {
        copy.Write(0, bytes);
        return sync ? copy.SyncAsync() : ValueTask.CompletedTask;
    }
}
