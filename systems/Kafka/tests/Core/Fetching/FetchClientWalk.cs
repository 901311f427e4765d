using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>
/// A client that keeps what incremental answers tell it, over partitions that change at random: it must always know what a full fetch
/// would have told.
/// </summary>
internal sealed class FetchClientWalk(ulong seed)
{
    private readonly RandomStream _random = new(seed);
    private readonly FetchWorld _world = new(slots: 1);
    private readonly Dictionary<int, (long HighWatermark, long LogStart, short Error)> _known = [];
    private readonly HashSet<int> _wanted = [];
    private int _session;
    private bool _startsOver;
    private int _epoch;

    /// <summary>Partitions of which the client knew something wrong.</summary>
    public int Wrong { get; private set; }

    /// <summary>Partitions that incremental answers left out.</summary>
    public int LeftOut { get; private set; }

    public void Step()
    {
        for (var i = _random.Next(3); i > 0; i--)
            Change(_random.Next(4));
        var request = _session == 0 || _startsOver || _random.Next(20) == 0 ? Full() : Incremental();
        var isFull = request.SessionEpoch == 0;
        var response = _world.Fetch(request);
        _world.NowMs += _random.Next(1_000);
        _startsOver = response.ErrorCode != 0;
        if (_startsOver)
            return;
        (_session, _epoch) = (response.SessionId, isFull ? 1 : _epoch + 1);
        if (isFull)
            _known.Clear();
        foreach (var data in response.Responses.SelectMany(t => t.Partitions))
            _known[data.PartitionIndex] = (data.HighWatermark, data.LogStartOffset, data.ErrorCode);
        LeftOut += _wanted.Count - response.Responses.Sum(t => t.Partitions.Count);
        Wrong += _wanted.Count(p => !_known.TryGetValue(p, out var known) || known != Truth(p));
    }

    private FetchRequest Full()
    {
        _wanted.Clear();
        _wanted.UnionWith(Enumerable.Range(0, 4).Where(_ => _random.Next(2) == 0));
        return FetchWorld.Request(_session, 0, [.. _wanted.Select(p => ("a", p, 0L))]);
    }

    private FetchRequest Incremental()
    {
        var partition = _random.Next(4);
        var epoch = _random.Next(30) == 0 ? _epoch + 1 : _epoch;
        if (epoch != _epoch || _random.Next(3) > 0)
            return FetchWorld.Request(_session, epoch);
        if (_wanted.Add(partition))
            return FetchWorld.Request(_session, epoch, ("a", partition, 0));
        _wanted.Remove(partition);
        _known.Remove(partition);
        return FetchWorld.Forgetting(FetchWorld.Request(_session, epoch), ("a", partition));
    }

    private void Change(int partition)
    {
        var error = (short)(_random.Next(4) == 0 ? KafkaError.NotLeaderOrFollower : KafkaError.None);
        _world.Data[("a", partition)] = new()
        {
            HighWatermark = _random.Next(3), LogStartOffset = _random.Next(2), ErrorCode = error,
            Records = _random.Next(5) == 0 ? new byte[1] : ReadOnlyMemory<byte>.Empty,
        };
    }

    private (long, long, short) Truth(int partition) => _world.Data.TryGetValue(("a", partition), out var data)
        ? (data.HighWatermark, data.LogStartOffset, data.ErrorCode) : (10, 0, 0);
}
