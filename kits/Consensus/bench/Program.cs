using System.Diagnostics;
using Microcosm.Consensus.Bench;

// What the core itself costs: three cores in memory whose writes are durable at once, and groups that have nothing to do.
foreach (var batch in (int[])[1, 10, 100])
{
    var trio = new Trio();
    trio.Propose(20_000, batch);
    var before = GC.GetTotalAllocatedBytes(precise: true);
    var watch = Stopwatch.StartNew();
    const int Proposals = 300_000;
    trio.Propose(Proposals, batch);
    var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
    Console.WriteLine($"three cores, {batch,3} proposals a ready: {Proposals / watch.Elapsed.TotalSeconds,9:N0} a second, "
        + $"{allocated / (double)Proposals,6:N0} bytes a proposal");
}

const int Groups = 10_000;
var idle = new IdleGroups(Groups);
Console.WriteLine($"{Groups:N0} idle follower groups: {idle.BytesEach:N0} bytes each, their in-memory storage and random stream included");
var (nanoseconds, bytes) = idle.Tick(200);
Console.WriteLine($"a tick with nothing due: {nanoseconds:N1} ns, {bytes:N3} bytes");
