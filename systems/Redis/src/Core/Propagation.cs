using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// What the commands of one execution unit (a command, a transaction) hand on to the append-only file and to replicas.
/// A command that changed something is handed on as it came, unless it says otherwise; several are wrapped in MULTI and EXEC.
/// </summary>
internal sealed class Propagation
{
    private readonly List<(int Db, byte[] Bytes, ArgSlice[] Slices)> _pending = [];
    private bool _instead;
    private bool _nothing;
    private int _depth;

    /// <summary>Where commands go; null while nothing listens, which makes all of this free.</summary>
    public ICommandLog? Log { get; set; }

    /// <summary>Changes since the last save (INFO rdb_changes_since_last_save).</summary>
    public long Dirty { get; set; }

    /// <summary>Called by <see cref="RedisCall.PropagateInstead"/>.</summary>
    public void Instead(int db, ReadOnlySpan<byte[]> arguments)
    {
        _instead = true;
        if (Log is null)
            return;
        var bytes = StoredCommand.Join(arguments, out var slices);
        _pending.Add((db, bytes, slices));
    }

    /// <summary>Called by <see cref="RedisCall.PropagateNothing"/>.</summary>
    public void Nothing() => _nothing = true;

    /// <summary>Something besides the running command: an expired or evicted key.</summary>
    public void Also(int db, params ReadOnlySpan<byte[]> arguments)
    {
        if (Log is null)
            return;
        var bytes = StoredCommand.Join(arguments, out var slices);
        _pending.Add((db, bytes, slices));
        if (_depth == 0)
            Flush();
    }

    /// <summary>A command begins; they nest (EXEC runs others).</summary>
    public void Begin()
    {
        _depth++;
        _instead = _nothing = false;
    }

    /// <summary>A command ended; <paramref name="changed"/> tells whether it changed anything.</summary>
    public void End(ref RedisCall call, bool changed)
    {
        if (changed && !_instead && !_nothing && Log is { } log)
        {
            if (_depth == 1 && _pending.Count == 0)
            {
                log.Append(call.Db.Index, call.Bytes, call.Slices);
            }
            else
            {
                var stored = call.Store();
                _pending.Add((call.Db.Index, stored.Bytes, stored.Slices));
            }
        }
        _instead = _nothing = false;
        if (--_depth == 0 && _pending.Count > 0)
            Flush();
    }

    private void Flush()
    {
        var several = _pending.Count > 1 && !Bug.IsPlanted("redis/transaction-not-wrapped");
        if (several)
            Append(_pending[0].Db, "MULTI"u8);
        foreach (var (db, bytes, slices) in _pending)
            Log!.Append(db, bytes, slices);
        if (several)
            Append(_pending[^1].Db, "EXEC"u8);
        _pending.Clear();
    }

    private void Append(int db, ReadOnlySpan<byte> word) => Log!.Append(db, word, [new ArgSlice(0, word.Length)]);
}
