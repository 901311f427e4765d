using Microcosm.Redis;

namespace Microcosm.Testing.Inner;

/// <summary>Tests that fail at some of their seeds.</summary>
public sealed class FailingTests
{
    [Theory]
    [Seeds(5)]
    public async Task Fails_at_its_fourth_seed(SeededRun run)
    {
        await using var world = await run.StartWorldAsync(w => w.AddRedis());
        world.Faults.Add("redis.SET target=order* drop-reply");
        await using var stream = await world.ConnectAsync(world.Node("redis-1").Address);
        await stream.WriteAsync("SET order:1 new\r\n"u8.ToArray());
        Assert.Equal(0, await stream.ReadAsync(new byte[10]));
        Assert.NotEqual(4UL, run.Seed.Value);
    }

    [Theory]
    [Seeds(3, First = 40)]
    public void Fails_at_an_even_number(ulong seed) => Assert.Equal(1UL, seed % 2);

    [Theory]
    [Seeds(3)]
    public void Fails_when_its_node_crashes(SeededRun run) => run.Simulate(() => new CrashlessWorkload());
}
