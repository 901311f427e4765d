using System.Diagnostics;
using Microcosm.Runtime;

namespace Microcosm.Consensus.Bench;

/// <summary>Followers of groups in which nothing happens.</summary>
internal sealed class IdleGroups
{
    private readonly RaftCore[] _cores;

    public IdleGroups(int count)
    {
        var founders = new Membership([1, 2, 3]);
        var options = new RaftOptions { ElectionTimeoutMs = 3_600_000 };
        var before = GC.GetTotalMemory(forceFullCollection: true);
        _cores = new RaftCore[count];
        for (var i = 0; i < count; i++)
            _cores[i] = new RaftCore(1, options, new MemoryRaftStorage(founders), new RandomStream((ulong)i), 1);
        BytesEach = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
    }

    public long BytesEach { get; }

    /// <summary>Ticks all of them, and asks whether there is anything to do; answers the time and the memory of one.</summary>
    public (double Nanoseconds, double Bytes) Tick(int rounds)
    {
        var due = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var core in _cores)
            {
                core.Tick(round * 1_000);
                due += core.HasReady ? 1 : 0;
            }
        }
        var elapsed = watch.Elapsed;
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Invariant.Check(due == 0);
        var ticks = (double)rounds * _cores.Length;
        return (elapsed.TotalNanoseconds / ticks, bytes / ticks);
    }
}
