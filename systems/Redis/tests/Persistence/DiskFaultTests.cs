using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis.Tests.Persistence;

/// <summary>What clients and operators see when the disk fails: Redis' own words, and nothing that was acknowledged is lost.</summary>
public sealed class DiskFaultTests : IAsyncDisposable
{
    private const string RdbMisconf = "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.";
    private const string Increment = "target=appendonlydir/*.incr.aof";

    private World _world = null!;
    private Stream? _client;

    private RunningNode Node => _world.Node("redis-1");

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("disk.write nth=1 error=ENOSPC", "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...")]
    [InlineData("disk.write nth=1 short-write=9", "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...")]
    [InlineData("disk.sync nth=1 error=EIO",
        "Can't persist AOF for fsync error when the AOF fsync policy is 'always': Input/output error. Exiting...")]
    public async Task Under_always_the_server_exits_and_starts_again_from_its_disk(string fault, string line)
    {
        await StartAsync(o => (o.AppendOnly, o.AppendFsync) = (true, AppendFsync.Always));
        Assert.Equal("OK", await AskAsync("SET acknowledged 1"));
        _world.Faults.Add($"{fault} {Increment}");
        Assert.Equal("closed", await AskAsync("SET unanswered 1"));
        await UntilAsync(() => Task.FromResult(Node is { Restarts: 1, State: NodeState.Running }));
        Assert.Contains(Node.Log.Lines, l => l.Message == line);
        Assert.Contains(Node.Log.Lines, l => l.Message == "redis-1 failed: " + line);
        Assert.Single(_world.Faults.Fired);
        Assert.Equal("\"1\"", await AskAsync("GET acknowledged"));
        Assert.Equal("OK", await AskAsync("SET unanswered 2"));
    }

    [Theory]
    [InlineData("disk.write error=EIO", "Input/output error", "Error writing to the AOF file: Input/output error")]
    [InlineData("disk.write short-write=5", "No space left on device", "Short write while writing to the AOF file: (nwritten=5, expected=")]
    [InlineData("disk.write error=EDQUOT", "Disk quota exceeded", "Error writing to the AOF file: Disk quota exceeded")]
    public async Task Under_everysec_writes_are_refused_until_the_file_takes_what_is_owed(string fault, string reason, string line)
    {
        await StartAsync(o => o.AppendOnly = true);
        _world.Faults.Add($"{fault} {Increment}");
        Assert.Equal("OK", await AskAsync("SET first 1"));
        Assert.Equal($"(error) MISCONF Errors writing to the AOF file: {reason}", await AskAsync("SET second 1"));
        Assert.Equal($"(error) MISCONF Errors writing to the AOF file: {reason}", await AskAsync("PING"));
        Assert.Equal("\"1\"", await AskAsync("GET first"));
        Assert.Contains("aof_last_write_status:err", await AskAsync("INFO persistence"));
        Assert.Contains(Node.Log.Lines, l => l.Message.StartsWith(line, StringComparison.Ordinal));

        _world.Faults.Clear();
        _world.Clock.Advance(TimeSpan.FromSeconds(1.1));
        await UntilInfoSaysAsync("aof_last_write_status:ok");
        Assert.Contains(Node.Log.Lines, l => l.Message == "AOF write error looks solved, Redis can write again.");
        Assert.Equal("OK", await AskAsync("SET second 1"));
        await UntilAsync(() => Task.FromResult(IsInLog("second")));
        Assert.Equal(1, Count(Read("appendonlydir/appendonly.aof.1.incr.aof"), "first"));
    }

    [Fact]
    public async Task Under_everysec_a_failed_sync_refuses_writes()
    {
        await StartAsync(o => o.AppendOnly = true);
        _world.Faults.Add($"disk.sync {Increment} error=EIO");
        Assert.Equal("OK", await AskAsync("SET first 1"));
        _world.Clock.Advance(TimeSpan.FromSeconds(1.1));
        await UntilAsync(async () => await AskAsync("PING") == "(error) MISCONF Errors writing to the AOF file: Input/output error");
        Assert.Contains(Node.Log.Lines, l => l.Message == "Fail to fsync the AOF file: Input/output error");
    }

    [Fact]
    public async Task A_failed_BGSAVE_refuses_writes_until_one_succeeds()
    {
        await StartAsync(_ => { });
        _world.Faults.Add("disk.* target=temp-bgsave.rdb error=ENOSPC");
        Assert.Equal("Background saving started", await AskAsync("BGSAVE"));
        await UntilInfoSaysAsync("rdb_last_bgsave_status:err");
        Assert.StartsWith("(error) " + RdbMisconf, await AskAsync("SET k v"));
        Assert.Contains(Node.Log.Lines, l => l.Message == "Write error saving DB on disk: No space left on device");
        Assert.Contains(Node.Log.Lines, l => l.Message == "Background saving error");

        _world.Faults.Clear();
        Assert.Equal("Background saving started", await AskAsync("BGSAVE"));
        await UntilAsync(async () => await AskAsync("SET k v") == "OK");
        Assert.Contains("rdb_last_bgsave_status:ok", await AskAsync("INFO persistence"));
    }

    [Fact]
    public async Task A_failed_SAVE_says_so_leaves_no_file_and_refuses_nothing()
    {
        await StartAsync(_ => { });
        _world.Faults.Add("disk.rename target=dump.rdb error=EIO");
        Assert.Equal("(error) ERR", await AskAsync("SAVE"));
        Assert.Equal("OK", await AskAsync("SET k v"));
        Assert.Empty(Node.Disk.List(""));
    }

    [Theory]
    [InlineData("disk.write target=*temp-rewriteaof-bg.aof error=ENOSPC")]
    [InlineData("disk.sync target=*temp-rewriteaof-bg.aof error=EIO")]
    [InlineData("disk.rename target=*.base.rdb error=EIO")]
    [InlineData("disk.rename target=*.manifest error=EIO")]
    [InlineData("disk.open target=*.incr.aof error=EMFILE")]
    public async Task A_failed_rewrite_changes_nothing(string fault)
    {
        await StartAsync(o => (o.AppendOnly, o.AppendFsync) = (true, AppendFsync.Always));
        await AskAsync("SET before 1");
        _world.Faults.Add(fault);
        await AskAsync("BGREWRITEAOF");
        await UntilInfoSaysAsync("aof_last_bgrewrite_status:err");
        Assert.Contains(Node.Log.Lines, l => l.Message == "Background AOF rewrite terminated with error");
        Assert.Equal("OK", await AskAsync("SET between 1"));
        _world.Faults.Clear();
        await AskAsync("BGREWRITEAOF");
        await UntilInfoSaysAsync("aof_last_bgrewrite_status:ok");
        await AskAsync("SET after 1");
        for (var i = 0; i < 2; i++)
        {
            await RestartAsync();
            Assert.Equal("(integer) 3", await AskAsync("EXISTS before between after"));
        }
    }

    [Fact]
    public async Task A_rewrite_that_fails_in_the_end_and_one_that_fails_half_way_lose_no_file()
    {
        await StartAsync(o => (o.AppendOnly, o.AppendFsync) = (true, AppendFsync.Always));
        await AskAsync("SET before 1");
        // The second one has written the manifest again when it fails.
        foreach (var fault in new[] { "disk.rename target=*.base.rdb error=EIO", "disk.write target=*temp-rewriteaof-bg.aof error=EIO" })
        {
            _world.Faults.Add(fault);
            await AskAsync("BGREWRITEAOF");
            await UntilAsync(() => Task.FromResult(_world.Faults.Rules[^1].FiredCount > 0));
            await UntilInfoSaysAsync("aof_rewrite_in_progress:0");
            Assert.Contains("aof_last_bgrewrite_status:err", await AskAsync("INFO persistence"));
        }
        _world.Faults.Clear();
        Assert.Equal("OK", await AskAsync("SET after 1"));
        for (var i = 0; i < 3; i++)
        {
            await RestartAsync();
            Assert.Equal("(integer) 2", await AskAsync("EXISTS before after"));
        }
    }

    [Fact]
    public async Task A_damaged_RDB_file_is_refused()
    {
        await StartAsync(_ => { });
        await AskAsync("SET key value");
        await AskAsync("SAVE");
        var whole = Read("dump.rdb");
        await RefusesAsync("dump.rdb", [.. whole[..20], (byte)(whole[20] ^ 1), .. whole[21..]],
            @"^Wrong RDB checksum expected: \([0-9a-f]+\) but got \([0-9a-f]+\)\. Aborting now\.$");
        await RefusesAsync("dump.rdb", whole[..^4], "^Short read or OOM loading DB. Unrecoverable error, aborting now.$");
        await RefusesAsync("dump.rdb", [.. "R1DIS"u8, .. whole[5..]], "^Wrong signature trying to load DB from file$");
        _world.Faults.Add("disk.read target=dump.rdb corrupt");
        await RefusesAsync("dump.rdb", whole, "RDB|Short read|signature");
    }

    [Fact]
    public async Task A_damaged_AOF_file_is_refused()
    {
        await StartAsync(o => (o.AppendOnly, o.AppendFsync) = (true, AppendFsync.Always));
        await AskAsync("SET key value");
        const string Path = "appendonlydir/appendonly.aof.1.incr.aof";
        var whole = Read(Path);
        await RefusesAsync(Path, [.. "!"u8, .. whole[1..]], 
            "^Bad file format reading the append only file appendonly.aof.1.incr.aof: make a backup");
        _world.Faults.Add($"disk.read target={Path} error=EIO");
        await RefusesAsync(Path, whole, "^Unrecoverable error reading the append only file appendonly.aof.1.incr.aof: Input/output error$");
        _world.Faults.Clear();
        _world.Faults.Add($"disk.open target={Path} error=EMFILE");
        await RefusesAsync(Path, whole,
            "^Fatal error: can't open the append log file appendonly.aof.1.incr.aof for reading: Too many open files$");
        _world.Faults.Clear();
        Node.Disk.Delete(Path);
        await RefusesAsync(null, [], "^Unable to obtain the AOF file appendonly.aof.1.incr.aof length. stat: No such file or directory$");
    }

    private async Task StartAsync(Action<RedisOptions> options)
    {
        _world = await World.StartAsync(w =>
        {
            w.AddRedis(options);
            w.Options.Ports = PortPolicy.None;
        });
        _world.Clock.Pause();
    }

    private async Task<string> AskAsync(string command)
    {
        try
        {
            _client ??= await _world.ConnectAsync(Node.Address, "test", TestContext.Current.CancellationToken);
            await _client.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"));
            await _client.FlushAsync();
            return await new ReplyPrinter(_client).ReadAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            _client = null;
            return "closed";
        }
    }

    private async Task RestartAsync()
    {
        await Node.RestartAsync(TestContext.Current.CancellationToken);
        _client = null;
    }

    // Turns the paused clock on until it is so: back-offs and the server's second are over in no time.
    private async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var i = 0; !await isSo(); i++)
        {
            Assert.True(i < 10_000, "never came true; the log: " + string.Join('\n', Node.Log.Lines.Select(l => l.Message)));
            _world.Clock.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }
    }

    private Task UntilInfoSaysAsync(string line) =>
        UntilAsync(async () => (await AskAsync("INFO persistence")).Contains(line, StringComparison.Ordinal));

    private async Task RefusesAsync(string? path, byte[] bytes, string pattern)
    {
        await Node.KillAsync();
        if (path is not null)
            Write(path, bytes);
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => Node.RestartAsync(TestContext.Current.CancellationToken));
        Assert.Matches(pattern, refusal.Message);
        Assert.Equal((NodeState.Failed, "failed: " + refusal.Message), (Node.State, Node.Failure));
        Assert.Equal("redis-1 failed to start: " + refusal.Message, Node.Log.Lines[^1].Message);
    }

    private void Write(string path, byte[] bytes)
    {
        using var file = Node.Disk.Open(path, DiskOpen.Truncate);
        file.Append(bytes);
        file.Sync();
    }

    private byte[] Read(string path)
    {
        using var file = Node.Disk.Open(path, DiskOpen.Existing);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }

    private bool IsInLog(string word) => Count(Read("appendonlydir/appendonly.aof.1.incr.aof"), word) > 0;

    private static int Count(byte[] bytes, string word) => Encoding.ASCII.GetString(bytes).Split(word).Length - 1;
}
