using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Kafka;

/// <summary>
/// Entries of one size in a file, sorted by who writes them. The last ones wait in memory until there are enough of them for a write, or a
/// sync wants them in the file. Invariant: the file holds the first <see cref="_written"/> entries; what is behind them there means
/// nothing.
/// </summary>
internal sealed class IndexFile(LogFile file, int entryBytes)
{
    private const int WaitingBytes = 4096;

    private byte[] _waiting = [];
    private int _waitingCount;
    private int _written = -1;

    public LogFile File => file;

    /// <summary>Entries, in file and memory; opens the file when it is first asked for.</summary>
    public int Count => Written + _waitingCount;

    /// <summary>True if entries wait that the file does not have.</summary>
    public bool HasWaiting => _waitingCount > 0;

    private int Written
    {
        get
        {
            if (_written < 0)
                _written = (int)(file.Length / entryBytes);
            return _written;
        }
    }

    /// <summary>False if the file is shorter than it should be: somebody took it away.</summary>
    public bool IsIntact => _written <= 0 || file.Length >= (long)_written * entryBytes;

    /// <summary>Says how many entries the file has, whatever is behind them; which spares asking the disk.</summary>
    public void SetCount(int count) => (_written, _waitingCount) = (count, 0);

    public void Read(int index, Span<byte> entry)
    {
        Invariant.Check(index >= 0 && index < Count);
        if (index >= Written)
            _waiting.AsSpan((index - Written) * entryBytes, entryBytes).CopyTo(entry);
        else if (file.Read((long)index * entryBytes, entry[..entryBytes]) < entryBytes)
            throw new DamagedFileException(file.Path, (long)index * entryBytes, "the index is cut off");
    }

    /// <summary>How many entries, from the first on, are such; none is after the first that is not.</summary>
    public int CountWhile(Func<int, bool> holds)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (holds(middle))
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Adds an entry. True if it made the waiting ones so many that they should be written.</summary>
    public bool Add(ReadOnlySpan<byte> entry)
    {
        _ = Written;
        var at = _waitingCount * entryBytes;
        if (at + entryBytes > _waiting.Length)
            Array.Resize(ref _waiting, Math.Max(4 * entryBytes, at * 2));
        entry.CopyTo(_waiting.AsSpan(at));
        _waitingCount++;
        return _waitingCount * entryBytes >= WaitingBytes;
    }

    /// <summary>Keeps the first entries. The file is not cut: what it holds beyond them is overwritten, or cut by <see
    /// cref="Write"/>.</summary>
    public void Truncate(int count)
    {
        Invariant.Check(count >= 0 && count <= Count);
        _waitingCount = Math.Max(0, count - Written);
        _written = Math.Min(_written, count);
    }

    /// <summary>Writes what waits, and cuts what is behind it. Returns whether the file was written, and whether its name is
    /// new.</summary>
    public (bool IsWritten, bool IsNew) Write()
    {
        var isNew = false;
        var isWritten = false;
        if (_waitingCount > 0)
        {
            isNew = file.Write((long)Written * entryBytes, _waiting.AsSpan(0, _waitingCount * entryBytes));
            (_written, _waitingCount, isWritten) = (Written + _waitingCount, 0, true);
        }
        if (file.Length > (long)Written * entryBytes)
        {
            file.SetLength((long)Written * entryBytes);
            isWritten = true;
        }
        return (isWritten, isNew);
    }

    /// <summary>Gives back the memory for waiting entries, where none will come.</summary>
    public void Seal()
    {
        Invariant.Check(_waitingCount == 0);
        _waiting = [];
    }
}
