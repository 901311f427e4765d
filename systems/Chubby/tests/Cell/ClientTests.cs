using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell.Tests;

/// <summary>Client and cell over the fabric in virtual time.</summary>
public sealed class ClientTests
{
    private const FileModes Make = FileModes.Read | FileModes.Write | FileModes.Create;

    [Fact]
    public void A_file_is_made_written_read_listed_and_deleted() => CellScenario.Run(async cell =>
    {
        var client = await cell.ClientAsync("a");
        var directory = await client.OpenAsync("/d", Make | FileModes.Directory);
        var file = await client.OpenAsync("/d/f", Make, contents: "one"u8.ToArray());
        Assert.True(file.IsNew);
        Assert.Equal("one", await CellScenario.ReadAsync(file));
        await CellScenario.WriteAsync(file, "two");
        Assert.Equal("two", await CellScenario.ReadAsync(file));
        var child = Assert.Single(await directory.ReadDirAsync());
        Assert.Equal(("f", 1L), (child.Key, child.Value.ContentGeneration));
        await file.DeleteAsync();
        var e = await Assert.ThrowsAsync<ChubbyException>(() => client.OpenAsync("/d/f", FileModes.Read));
        Assert.Equal(ChubbyError.NotFound, e.Error);
        await client.DisposeAsync();
    });

    [Fact]
    public void A_session_outlives_many_leases_while_its_client_is_there() => CellScenario.Run(async cell =>
    {
        var client = await cell.ClientAsync("a");
        List<SessionState> states = [];
        client.SessionChanged += states.Add;
        await cell.DelayAsync(20 * CellScenario.LeaseMs);
        Assert.Equal(SessionState.Safe, client.State);
        Assert.Empty(states);
        await client.DisposeAsync();
    });

    [Fact]
    public void A_cached_file_is_read_without_the_master_until_it_is_called_back() => CellScenario.Run(async cell =>
    {
        var (reader, writer) = (await cell.ClientAsync("a"), await cell.ClientAsync("b"));
        var mine = await reader.OpenAsync("/f", Make);
        var theirs = await writer.OpenAsync("/f", Make);
        await CellScenario.WriteAsync(theirs, "one");
        Assert.Equal("one", await CellScenario.ReadAsync(mine));
        Assert.Equal("one", await CellScenario.ReadAsync(mine));
        Assert.Equal(1, reader.CacheHits);
        await CellScenario.WriteAsync(theirs, "two");
        Assert.Equal("two", await CellScenario.ReadAsync(mine));
        Assert.Equal(1, reader.CacheHits);
    });

    [Fact]
    public void A_write_waits_for_a_reader_that_cannot_be_told_until_its_lease_is_over() => CellScenario.Run(async cell =>
    {
        var (reader, writer) = (await cell.ClientAsync("a"), await cell.ClientAsync("b"));
        var mine = await reader.OpenAsync("/f", Make, contents: "one"u8.ToArray());
        var theirs = await writer.OpenAsync("/f", Make);
        await CellScenario.ReadAsync(mine);
        cell.Cut("a");
        var write = CellScenario.WriteAsync(theirs, "two");
        while (reader.State == SessionState.Safe)
        {
            Assert.False(write.IsCompleted, "the write is through while a cache with a lease still has the old contents");
            Assert.Equal("one", await CellScenario.ReadAsync(mine));
            await cell.DelayAsync(10);
        }
        await write;
        Assert.Equal("two", await CellScenario.ReadAsync(theirs));
    });

    [Fact]
    public void Of_two_writes_at_once_both_wait_for_the_cache_that_cannot_be_told() => CellScenario.Run(async cell =>
    {
        var (reader, one, two) = (await cell.ClientAsync("a"), await cell.ClientAsync("b"), await cell.ClientAsync("c"));
        var mine = await reader.OpenAsync("/f", Make);
        var (first, second) = (await one.OpenAsync("/f", Make), await two.OpenAsync("/f", Make));
        await CellScenario.ReadAsync(mine);
        cell.Cut("a");
        var writes = (First: CellScenario.WriteAsync(first, "1"), Second: CellScenario.WriteAsync(second, "2"));
        while (reader.State == SessionState.Safe)
        {
            Assert.False(writes.First.IsCompleted || writes.Second.IsCompleted, "a write is through while a cache has the old contents");
            await cell.DelayAsync(10);
        }
        await writes.First;
        await writes.Second;
    });

    [Fact]
    public void Jeopardy_and_safe_again_when_the_client_was_cut_off_for_less_than_the_cell_gives_it() => CellScenario.Run(async cell =>
    {
        var client = await cell.ClientAsync("a");
        List<SessionState> states = [];
        client.SessionChanged += states.Add;
        var file = await client.OpenAsync("/f", Make, contents: "x"u8.ToArray());
        // All members down: nobody ends the session meanwhile.
        foreach (var node in cell.World.Nodes)
            await cell.World.Host(node).KillAsync();
        await cell.UntilAsync(() => states is [SessionState.Jeopardy]);
        var read = CellScenario.ReadAsync(file);
        await cell.DelayAsync(1_000);
        Assert.False(read.IsCompleted, "a call in jeopardy waits");
        foreach (var node in cell.World.Nodes)
            await cell.World.Host(node).StartAsync();
        Assert.Equal("x", await read);
        Assert.Equal([SessionState.Jeopardy, SessionState.Safe], states);
    });

    [Fact]
    public void A_session_is_expired_when_the_grace_period_is_over() => CellScenario.Run(async cell =>
    {
        var client = await cell.ClientAsync("a");
        List<SessionState> states = [];
        client.SessionChanged += states.Add;
        var file = await client.OpenAsync("/f", Make);
        cell.Cut("a");
        await cell.UntilAsync(() => states is [SessionState.Jeopardy, SessionState.Expired]);
        var e = await Assert.ThrowsAsync<ChubbyException>(() => file.GetStatAsync());
        Assert.Equal(ChubbyError.SessionExpired, e.Error);
    });

    [Fact]
    public void A_new_master_takes_up_sessions_locks_and_handles_and_tells_of_itself() => CellScenario.Run(async cell =>
    {
        var client = await cell.ClientAsync("a");
        List<ChubbyEvent> events = [];
        var file = await client.OpenAsync("/f", Make, contents: "x"u8.ToArray());
        file.Happened += events.Add;
        var sequencer = await file.AcquireAsync(LockMode.Exclusive);
        var master = await cell.MasterAsync();
        await cell.World.Host(master).KillAsync();
        await cell.UntilAsync(() => events.Exists(e => e.Kind == ChubbyEvents.MasterFailedOver));
        await CellScenario.WriteAsync(file, "y");
        Assert.Equal("y", await CellScenario.ReadAsync(file));
        Assert.Equal(sequencer, await file.GetSequencerAsync());
        Assert.True(await client.CheckSequencerAsync(sequencer));
        Assert.NotEqual(master, await cell.MasterAsync());
    });

    [Fact]
    public void A_lost_holders_sequencer_is_refused_and_the_lock_comes_after_the_lock_delay() => CellScenario.Run(async cell =>
    {
        var (holder, next) = (await cell.ClientAsync("a"), await cell.ClientAsync("b"));
        var mine = await holder.OpenAsync("/l", Make, lockDelay: TimeSpan.FromSeconds(3));
        var theirs = await next.OpenAsync("/l", Make);
        var old = await mine.AcquireAsync(LockMode.Exclusive);
        var wait = theirs.AcquireAsync(LockMode.Exclusive);
        cell.Cut("a");
        var cutAt = cell.World.Now;
        var sequencer = await wait;
        Assert.True(cell.World.Now - cutAt >= TimeSpan.FromSeconds(3));
        Assert.True(sequencer.Generation > old.Generation);
        Assert.False(await next.CheckSequencerAsync(old));
        Assert.True(await next.CheckSequencerAsync(sequencer));
    });

    [Fact]
    public void Events_come_with_KeepAlives() => CellScenario.Run(async cell =>
    {
        var (watcher, writer) = (await cell.ClientAsync("a"), await cell.ClientAsync("b"));
        List<string> told = [];
        var directory = await watcher.OpenAsync("/d", Make | FileModes.Directory, ChubbyEvents.ChildAdded | ChubbyEvents.ChildModified);
        directory.Happened += e => told.Add($"{e.Kind} {e.Child}");
        var file = await writer.OpenAsync("/d/f", Make);
        await CellScenario.WriteAsync(file, "x");
        await cell.UntilAsync(() => told is ["ChildAdded f", "ChildModified f"]);
    });

    [Fact]
    public void A_cancelled_Acquire_gives_back_what_it_gets_and_a_poisoned_handle_fails() => CellScenario.Run(async cell =>
    {
        var (holder, next) = (await cell.ClientAsync("a"), await cell.ClientAsync("b"));
        var mine = await holder.OpenAsync("/l", Make);
        var theirs = await next.OpenAsync("/l", Make);
        await mine.AcquireAsync(LockMode.Exclusive);
        Assert.Null(await theirs.TryAcquireAsync(LockMode.Shared));
        await mine.ReleaseAsync();
        Assert.NotNull(await theirs.TryAcquireAsync(LockMode.Shared));
        await theirs.CloseAsync();
        Assert.NotNull(await mine.TryAcquireAsync(LockMode.Exclusive));
        mine.Poison();
        Assert.Equal(ChubbyError.Poisoned, (await Assert.ThrowsAsync<ChubbyException>(() => mine.ReleaseAsync())).Error);
    }, replicas: 1);

    [Fact]
    public void A_fault_rule_refuses_one_operation_by_its_name() => CellScenario.Run(async cell =>
    {
        var client = await cell.ClientAsync("a");
        cell.World.FaultsOf("chubby-1").Add("chubby.Create target=/f nth=1 refuse=\"AccessDenied\"");
        var e = await Assert.ThrowsAsync<ChubbyException>(() => client.OpenAsync("/f", Make));
        Assert.Equal(ChubbyError.AccessDenied, e.Error);
        Assert.True((await client.OpenAsync("/f", Make)).IsNew);
    }, replicas: 1);
}
