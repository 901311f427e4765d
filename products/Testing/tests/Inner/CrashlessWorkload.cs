using Microcosm.Redis;
using Microcosm.Simulation;

namespace Microcosm.Testing.Inner;

/// <summary>A workload whose judge takes every crash for a failure.</summary>
internal sealed class CrashlessWorkload : IWorkload
{
    public string Name => "crashless";

    public FaultProfile Faults => new() { Kinds = [FaultKind.Crash, FaultKind.Slow] };

    public void Setup(SimulatedWorld world)
    {
        foreach (var node in new RedisSystem(new RedisOptions()).Nodes)
            world.AddNode(node);
        world.AddClient("client-1");
    }

    public Task RunAsync(SimulatedWorld world) => world.DelayAsync(TimeSpan.FromSeconds(3));

    public Task CheckAsync(SimulatedWorld world) => world.Faults.Faults.Any(f => f.Kind == FaultKind.Crash)
        ? throw new CheckFailedException("crash", "redis-1 was not to crash")
        : Task.CompletedTask;
}
