using Microcosm.Storage;

namespace Microcosm.Chubby;

/// <summary>A cell of one: what is committed to the log is agreed on.</summary>
internal sealed class SoloReplica : IReplica
{
    private readonly SegmentedLog _log;
    private readonly Func<long, ReadOnlyMemory<byte>, object?> _apply;

    private SoloReplica(SegmentedLog log, Func<long, ReadOnlyMemory<byte>, object?> apply) => (_log, _apply) = (log, apply);

    public event Action? LeadershipChanged
    {
        add { }
        remove { }
    }

    public bool IsLeader => true;

    public long Leader => 1;

    public bool HasQuorum => true;

    public static async ValueTask<SoloReplica> OpenAsync(Runtime.IDisk disk, Func<long, ReadOnlyMemory<byte>, object?> apply)
    {
        var log = await SegmentedLog.OpenAsync(disk, "cell");
        using (var reader = log.ReadFrom(log.First))
        {
            while (reader.TryRead(out var record))
                apply(reader.Position - 1, record.ToArray());
        }
        return new SoloReplica(log, apply);
    }

    public async ValueTask<object?> ProposeAsync(ReadOnlyMemory<byte> command, CancellationToken cancellation)
    {
        var index = _log.Append(command.Span);
        await _log.CommitAsync();
        return _apply(index, command);
    }

    public ValueTask ReadAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask StopAsync() => _log.CloseAsync();
}
