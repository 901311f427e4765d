namespace Microcosm.Chubby.Tests;

/// <summary>Cells of several members.</summary>
public sealed class CellTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task What_is_written_at_one_member_is_read_at_all_after_a_sync(int replicas)
    {
        await using var cell = await CarriedCell.StartAsync(Carrier.Memory, o => o.Replicas = replicas);
        await using var writer = await cell.ConnectAsync(replicas);
        Assert.Equal(ZooError.Ok, (await CreateAsync(writer, "/a")).Error);
        for (var member = 1; member <= replicas; member++)
        {
            await using var reader = await cell.ConnectAsync(member);
            Assert.Equal(ZooError.Ok, (await PathAsync(reader, OpCode.Sync, "/a")).Error);
            Assert.Equal(ZooError.Ok, (await PathAsync(reader, OpCode.Exists, "/a")).Error);
        }
    }

    [Fact]
    public async Task A_session_goes_on_at_another_member_when_its_own_is_killed_and_its_ephemerals_stay()
    {
        await using var cell = await CarriedCell.StartAsync(Carrier.Memory, o => o.Replicas = 3);
        var leader = await LeaderAsync(cell);
        await using var client = await cell.ConnectAsync(leader);
        Assert.Equal(ZooError.Ok, (await CreateAsync(client, "/e", flags: 1)).Error);
        await cell.World.Node($"chubby-{leader}").KillAsync();
        await using var again = await ComeBackAsync(cell, 1 + (leader % 3), client);
        Assert.Equal(client.SessionId, again.SessionId);
        Assert.Equal(ZooError.Ok, (await PathAsync(again, OpCode.Exists, "/e")).Error);
        Assert.Equal(ZooError.Ok, (await CreateAsync(again, "/f")).Error);
        await cell.World.Node($"chubby-{leader}").RestartAsync();
        await using var back = await ComeBackAsync(cell, leader, null);
        Assert.Equal(ZooError.Ok, (await PathAsync(back, OpCode.Sync, "/f")).Error);
        Assert.Equal(ZooError.Ok, (await PathAsync(back, OpCode.Exists, "/f")).Error);
    }

    [Fact]
    public async Task What_was_answered_survives_the_death_of_all_members()
    {
        await using var cell = await CarriedCell.StartAsync(Carrier.Memory, o => o.Replicas = 3);
        await using (var client = await cell.ConnectAsync(2))
        {
            for (var i = 0; i < 20; i++)
                Assert.Equal(ZooError.Ok, (await CreateAsync(client, $"/n{i}")).Error);
        }
        for (var member = 1; member <= 3; member++)
            await cell.World.Node($"chubby-{member}").KillAsync();
        for (var member = 1; member <= 3; member++)
            await cell.World.Node($"chubby-{member}").RestartAsync();
        await using var reader = await ComeBackAsync(cell, 1, null);
        Assert.Equal(ZooError.Ok, (await PathAsync(reader, OpCode.Sync, "/")).Error);
        for (var i = 0; i < 20; i++)
            Assert.Equal(ZooError.Ok, (await PathAsync(reader, OpCode.Exists, $"/n{i}")).Error);
    }

    [Fact]
    public async Task A_member_without_a_majority_serves_only_those_who_will_only_read()
    {
        await using var cell = await CarriedCell.StartAsync(Carrier.Memory, o => o.Replicas = 3);
        await using var client = await cell.ConnectAsync(1);
        Assert.Equal(ZooError.Ok, (await CreateAsync(client, "/a")).Error);
        await cell.World.Node("chubby-2").KillAsync();
        await cell.World.Node("chubby-3").KillAsync();
        // Its clients are let go.
        await Assert.ThrowsAnyAsync<IOException>(client.ReadPacketAsync);
        await Assert.ThrowsAnyAsync<IOException>(() => cell.ConnectAsync(1));
        Assert.Equal("ro", await cell.SayAsync("isro"));
        await using var reader = await cell.OpenAsync(1);
        await reader.ConnectAsync(session: client.SessionId, password: client.Password, readOnly: true);
        Assert.True(reader.IsReadOnly);
        Assert.Equal(ZooError.Ok, (await PathAsync(reader, OpCode.Exists, "/a")).Error);
        Assert.Equal(ZooError.NotReadOnly, (await CreateAsync(reader, "/b")).Error);
    }

    [Fact]
    public async Task A_fault_rule_breaks_one_operation()
    {
        await using var cell = await CarriedCell.StartAsync(Carrier.Memory);
        await using var client = await cell.ConnectAsync();
        cell.World.Faults.Add("zookeeper.Create target=/refused refuse=NoAuth");
        cell.World.Faults.Add("zookeeper.Create target=/dropped drop-reply");
        Assert.Equal(ZooError.NoAuth, (await CreateAsync(client, "/refused")).Error);
        Assert.Equal(ZooError.NoNode, (await PathAsync(client, OpCode.Exists, "/refused")).Error);
        await Assert.ThrowsAnyAsync<IOException>(() => CreateAsync(client, "/dropped"));
        await using var other = await cell.ConnectAsync();
        Assert.Equal(ZooError.Ok, (await PathAsync(other, OpCode.Exists, "/dropped")).Error);
    }

    [Fact]
    public async Task A_member_that_restarts_while_the_clock_stands_gives_new_sessions()
    {
        await using var cell = await CarriedCell.StartAsync(Carrier.Memory);
        cell.World.Clock.Pause();
        await using var before = await cell.ConnectAsync();
        await cell.World.Node("chubby-1").RestartAsync();
        await using var after = await cell.ConnectAsync();
        Assert.NotEqual(0, after.SessionId);
        Assert.NotEqual(before.SessionId, after.SessionId);
    }

    [Fact]
    public async Task A_fork_of_the_world_has_the_tree()
    {
        await using var cell = await CarriedCell.StartAsync(Carrier.Memory);
        await using var client = await cell.ConnectAsync();
        Assert.Equal(ZooError.Ok, (await CreateAsync(client, "/a")).Error);
        await using var fork = await cell.World.ForkAsync(TestContext.Current.CancellationToken);
        await using var there = new ZooKeeperClient(await fork.ConnectAsync(fork.Node("chubby-1").Address, "raw"));
        await there.ConnectAsync();
        Assert.Equal(ZooError.Ok, (await PathAsync(there, OpCode.Exists, "/a")).Error);
    }

    [Fact]
    public async Task Four_letter_words_are_answered_in_their_own_format()
    {
        await using var cell = await CarriedCell.StartAsync(Carrier.Loop);
        await using var client = await cell.ConnectAsync();
        await CreateAsync(client, "/e", flags: 1);
        await client.AskAsync(OpCode.GetData, w =>
        {
            w.String("/e");
            w.Bool(true);
        });
        Assert.Equal("imok", await cell.SayAsync("ruok"));
        Assert.Equal("rw", await cell.SayAsync("isro"));
        Assert.Matches("^Zookeeper version: 3\\.8\\.0(.|\n)*\nMode: standalone\nNode count: 6\n$", await cell.SayAsync("srvr"));
        Assert.Matches("^Zookeeper version: (.|\n)*\nClients:\n (/.*\n)", await cell.SayAsync("stat"));
        Assert.Matches("(?m)^zk_server_state\tstandalone$", await cell.SayAsync("mntr"));
        Assert.Matches("(?m)^tickTime=3000$", await cell.SayAsync("conf"));
        Assert.Matches($"sid=0x{client.SessionId:x},lop=GETD", await cell.SayAsync("cons"));
        Assert.StartsWith("Environment:\n", await cell.SayAsync("envi"));
        Assert.Equal("1 connections watching 1 paths\nTotal watches:1\n", await cell.SayAsync("wchs"));
        Assert.Equal($"0x{client.SessionId:x}\n\t/e\n\n", await cell.SayAsync("wchc"));
        Assert.Equal($"/e\n\t0x{client.SessionId:x}\n\n", await cell.SayAsync("wchp"));
        Assert.Matches($"Sessions with Ephemerals \\(1\\):\n0x{client.SessionId:x}:\n\t/e\n", await cell.SayAsync("dump"));
    }

    private static async Task<int> LeaderAsync(CarriedCell cell)
    {
        for (var member = 1; member <= 3; member++)
        {
            if ((await cell.SayAsync("srvr", member)).Contains("Mode: leader", StringComparison.Ordinal))
                return member;
        }
        throw new InvalidOperationException("Nobody leads.");
    }

    // As a client does: again and again, until the member has a majority.
    private static async Task<ZooKeeperClient> ComeBackAsync(CarriedCell cell, int member, ZooKeeperClient? before)
    {
        for (var attempt = 0; ; attempt++)
        {
            var client = await cell.OpenAsync(member);
            try
            {
                await client.ConnectAsync(10_000, before?.SessionId ?? 0, before?.Password);
                return client;
            }
            catch (IOException) when (attempt < 1_000_000)
            {
                await client.DisposeAsync();
                await Task.Yield();
            }
        }
    }

    private static Task<ZooKeeperReply> PathAsync(ZooKeeperClient client, int type, string path) => client.AskAsync(type, w =>
    {
        w.String(path);
        if (type == OpCode.Exists)
            w.Bool(false);
    });

    private static Task<ZooKeeperReply> CreateAsync(ZooKeeperClient client, string path, int flags = 0) =>
        client.AskAsync(OpCode.Create, w =>
        {
            w.String(path);
            w.Buffer([1, 2, 3]);
            w.Acl(AclEntry.Open);
            w.Int(flags);
        });
}
