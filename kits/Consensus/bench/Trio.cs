using Microcosm.Runtime;

namespace Microcosm.Consensus.Bench;

/// <summary>Three cores that are handed each other's messages as they are, without a wire.</summary>
internal sealed class Trio
{
    private static readonly byte[] Command = new byte[64];
    private readonly MemoryRaftStorage[] _storages;
    private readonly RaftCore[] _cores;
    private long _nowUs = 1;

    public Trio()
    {
        var founders = new Membership([1, 2, 3]);
        _storages = [.. Enumerable.Range(0, 3).Select(_ => new MemoryRaftStorage(founders))];
        _cores = [.. _storages.Select((s, i) => new RaftCore(i + 1, new RaftOptions(), s, new RandomStream((ulong)i), _nowUs))];
        _cores[0].Campaign(_nowUs);
        Rest();
        Invariant.Check(_cores[0].Role == RaftRole.Leader);
    }

    /// <summary>Proposes, some at a time, until all of it is applied everywhere. Old entries are dropped as it goes.</summary>
    public void Propose(int count, int batch)
    {
        for (var i = 0; i < count; i += batch)
        {
            for (var j = 0; j < batch; j++)
                Invariant.Check(_cores[0].Propose(Command, _nowUs) == RaftRefusal.None);
            Rest();
            if (_cores[0].LastIndex - _cores[0].BaseIndex > 20_000)
                Compact();
        }
        Invariant.Check(_cores.All(c => c.AppliedIndex == _cores[0].LastIndex));
    }

    private void Rest()
    {
        bool worked;
        do
        {
            worked = false;
            for (var i = 0; i < 3; i++)
            {
                while (_cores[i].HasReady)
                {
                    var ready = _cores[i].TakeReady();
                    worked |= Do(i, ready);
                }
            }
        }
        while (worked);
    }

    private bool Do(int i, RaftReady ready)
    {
        _nowUs++;
        foreach (var message in ready.Messages)
            _cores[message.To - 1].Step(message, _nowUs);
        _storages[i].Write(ready);
        if (ready.MustSync)
            _cores[i].Persisted(_storages[i].Sync(), _nowUs);
        if (ready.Committed.Count > 0)
            _cores[i].Applied(ready.Committed[^1].Index);
        return ready.MustSync || ready.Messages.Count > 0 || ready.Committed.Count > 0;
    }

    private void Compact()
    {
        for (var i = 0; i < 3; i++)
        {
            var meta = _cores[i].DescribeSnapshot();
            _storages[i].SaveSnapshot(meta, []);
            _cores[i].SnapshotSaved(meta);
            _cores[i].Compact(meta.Index);
            _storages[i].Compact(meta.Index);
        }
    }
}
