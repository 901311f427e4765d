using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Storage;

/// <summary>
/// What a log knows beside its segments: the first sequence number that counts, and how often it was opened to be written, from which
/// segments get identities that none had before.
/// </summary>
internal sealed class LogState : IDisposable
{
    private readonly StateFile _file;
    private uint _epoch;
    private bool _isEpochNew;
    private uint _segmentsMade;

    private LogState(StateFile file)
    {
        _file = file;
        if (!file.HasValue)
            return;
        First = BinaryPrimitives.ReadInt64LittleEndian(file.Value);
        _epoch = BinaryPrimitives.ReadUInt32LittleEndian(file.Value[8..]);
    }

    /// <summary>Records below were truncated: the durable view.</summary>
    public long First { get; private set; } = 1;

    /// <summary>False if the log was never written.</summary>
    public bool IsThere => _file.HasValue;

    public static async ValueTask<LogState> OpenAsync(IDisk disk, string folder) =>
        new(await StateFile.OpenAsync(disk, folder + "/state"));

    /// <summary>Durably moves the beginning of the log.</summary>
    public async ValueTask SaveFirstAsync(long first)
    {
        await SaveAsync(first, _epoch);
        First = first;
    }

    /// <summary>An identity that no segment had before, also not one whose file is gone.</summary>
    public async ValueTask<ulong> NextIdAsync()
    {
        if (!_isEpochNew)
        {
            await SaveAsync(First, _epoch + 1);
            _epoch++;
            _isEpochNew = true;
        }
        return ((ulong)_epoch << 32) | _segmentsMade++;
    }

    public void Dispose() => _file.Dispose();

    private ValueTask SaveAsync(long first, uint epoch)
    {
        var value = new byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(value, first);
        BinaryPrimitives.WriteUInt32LittleEndian(value.AsSpan(8), epoch);
        return _file.SaveAsync(value);
    }
}
