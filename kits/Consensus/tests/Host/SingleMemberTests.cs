using Microcosm.Simulation;

namespace Microcosm.Consensus.Tests.Host;

/// <summary>A group of one: there is nobody to wait for.</summary>
public class SingleMemberTests
{
    [Fact]
    public void The_only_member_leads_when_it_has_started_again_too() => HostScenario.Run(async s =>
    {
        Assert.True((await s.NodeAsync(1)).Members[0].IsLeader);
        Assert.Equal(1, await s.ProposeAsync(1, "a"));
        await s.World.Host("node-1").KillAsync();
        await s.World.Host("node-1").StartAsync();
        Assert.True((await s.NodeAsync(1)).Members[0].IsLeader);
        Assert.Equal(2, await s.ProposeAsync(1, "b"));
        Assert.Equal("a b", await s.ReadAsync(1));
    }, nodes: 1);

    [Fact]
    public void A_group_in_memory_needs_no_network_and_no_time()
    {
        var result = Simulator.Run(1, async world =>
        {
            var client = world.AddClient("alone");
            await world.RunAsync(client, async () =>
            {
                var machine = new WordMachine();
                var member = await RaftHost.MemoryOf(client, machine);
                for (var i = 1; i <= 1_000; i++)
                    Assert.Equal(i, await member.ProposeAsync("w"u8.ToArray(), CancellationToken.None));
                await member.ReadAsync(CancellationToken.None);
                Assert.Equal(1_000, machine.Words.Count);
                Assert.Equal(TimeSpan.Zero, world.Now);
            });
        });
        Assert.True(result.Failure is null, $"{result.Failure}");
    }

    [Fact]
    public void A_wait_can_be_given_up()
    {
        var result = Simulator.Run(1, async world =>
        {
            var client = world.AddClient("alone");
            await world.RunAsync(client, async () =>
            {
                var member = await RaftHost.MemoryOf(client, new WordMachine());
                await Assert.ThrowsAnyAsync<OperationCanceledException>(
                    () => member.ProposeAsync("w"u8.ToArray(), new CancellationToken(canceled: true)).AsTask());
                using var cancellation = new CancellationTokenSource();
                var waiting = member.ProposeAsync("w"u8.ToArray(), cancellation.Token).AsTask();
                cancellation.Cancel();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
                await member.ReadAsync(CancellationToken.None);
            });
        });
        Assert.True(result.Failure is null, $"{result.Failure}");
    }
}
