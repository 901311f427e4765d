namespace Microcosm.Chubby.Tests;

/// <summary>Observers, and members that leave and come back, at the members themselves.</summary>
public sealed class MembershipTests
{
    private const int Attempts = 1_000_000;

    [Fact]
    public async Task An_observer_serves_and_does_not_count()
    {
        await using var cell = await CarriedCell.StartAsync(Carrier.Memory, o => (o.Replicas, o.Observers, o.TickTime) = (3, 1, 2000));
        await using (var client = await ComeAsync(cell, 4))
        {
            Assert.Equal("/a", await AskAsync(client, "Create /a 1"));
            Assert.StartsWith("'1'", await AskAsync(client, "GetData /a"), StringComparison.Ordinal);
        }
        Assert.Contains("Mode: observer", await cell.SayAsync("srvr", 4), StringComparison.Ordinal);
        // Two of three votes are left; of four they would be too few.
        var leader = await LeaderAsync(cell);
        var other = Enumerable.Range(1, 3).First(m => m != leader);
        await cell.World.Node("chubby-4").KillAsync();
        await cell.World.Node($"chubby-{other}").KillAsync();
        await using (var client = await ComeAsync(cell, leader))
            Assert.Equal("/b", await AskAsync(client, "Create /b 2"));
        await cell.World.Node("chubby-4").RestartAsync();
        await using (var client = await ComeAsync(cell, 4))
        {
            Assert.Equal("/", await AskAsync(client, "Sync /"));
            Assert.StartsWith("'2'", await AskAsync(client, "GetData /b"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_member_that_left_serves_nobody_until_it_is_a_member_again()
    {
        await using var cell = await CarriedCell.StartAsync(Carrier.Memory, o =>
            (o.Replicas, o.TickTime, o.SkipAcl) = (3, 2000, true));
        await using var client = await ComeAsync(cell, 1);
        await using var there = await ComeAsync(cell, 3);
        var without = await AskAsync(client, "Reconfig leaving=3");
        Assert.DoesNotContain("server.3", without, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            for (var i = 0; i < Attempts; i++)
                await AskAsync(there, "Ping");
        });
        await IsTurnedAwayAsync(cell, readOnly: true);
        await cell.World.Node("chubby-3").RestartAsync();
        await IsTurnedAwayAsync(cell, readOnly: false);
        Assert.Equal("/a", await AskAsync(client, "Create /a 1"));
        var with = await AskAsync(client, "Reconfig joining=server.3=chubby-3:2888:3888:participant;chubby-3:2183");
        Assert.Contains("server.3", with, StringComparison.Ordinal);
        await using var again = await ComeAsync(cell, 3);
        Assert.Equal("/", await AskAsync(again, "Sync /"));
        Assert.StartsWith("'1'", await AskAsync(again, "GetData /a"), StringComparison.Ordinal);
        // Its vote counts again.
        await cell.World.Node("chubby-2").KillAsync();
        await using var last = await ComeAsync(cell, 3);
        Assert.Equal("/b", await AskAsync(last, "Create /b 1"));
    }

    private static async Task IsTurnedAwayAsync(CarriedCell cell, bool readOnly)
    {
        await using var raw = await cell.OpenAsync(3);
        await Assert.ThrowsAnyAsync<IOException>(() => raw.ConnectAsync(readOnly: readOnly));
        Assert.Equal("This ZooKeeper instance is not currently serving requests\n", await cell.SayAsync("srvr", 3));
    }

    private static async Task<string> AskAsync(ZooKeeperClient client, string line)
    {
        var request = new ScriptRequest(line);
        return ReplyText.Of(request, await client.AskAsync(request.Type, request.Write));
    }

    // As a client does: again and again, until the member serves.
    private static async Task<ZooKeeperClient> ComeAsync(CarriedCell cell, int member)
    {
        for (var attempt = 0; ; attempt++)
        {
            var client = await cell.OpenAsync(member);
            try
            {
                await client.ConnectAsync(timeoutMs: 40_000);
                return client;
            }
            catch (IOException) when (attempt < Attempts)
            {
                await client.DisposeAsync();
                await Task.Yield();
            }
        }
    }

    private static async Task<int> LeaderAsync(CarriedCell cell)
    {
        for (var member = 1; ; member = (member % 3) + 1)
        {
            if ((await cell.SayAsync("srvr", member)).Contains("Mode: leader", StringComparison.Ordinal))
                return member;
        }
    }
}
