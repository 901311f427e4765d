using System.Globalization;
using System.Text;

namespace Microcosm.Redis.Tests.Eviction;

/// <summary>A world with one Redis, its clock standing, and one client that asks line by line.</summary>
internal sealed class Conversation : IAsyncDisposable
{
    private Stream _stream;

    private Conversation(World world, Stream stream) => (World, _stream) = (world, stream);

    public World World { get; }

    public static async Task<Conversation> BeginAsync(string policy = "noeviction", ulong seed = 1, Action<RedisOptions>? configure = null,
        string? folder = null)
    {
        var world = await World.StartAsync(w =>
        {
            w.AddRedis(o =>
            {
                o.Set("maxmemory-policy", policy);
                configure?.Invoke(o);
            });
            w.Options.Ports = PortPolicy.None;
            w.Options.Seed = seed;
            w.Options.DataFolder = folder;
        });
        world.Clock.Pause();
        return new Conversation(world, await ConnectAsync(world));
    }

    /// <summary>Sends an inline command; returns the reply as redis-cli prints it.</summary>
    public async Task<string> AskAsync(string line)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
        await _stream.FlushAsync();
        return await new ReplyPrinter(_stream).ReadAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>A number from INFO.</summary>
    public async Task<long> InfoAsync(string name)
    {
        foreach (var line in (await AskAsync("INFO")).Replace("\\r\\n", "\n").Split('\n', '\r'))
        {
            if (line.StartsWith(name + ":", StringComparison.Ordinal))
                return long.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
        }
        throw new InvalidOperationException($"INFO says nothing of {name}");
    }

    /// <summary>How many of the keys <c>PREFIX:from</c> to <c>PREFIX:to - 1</c> are there.</summary>
    public async Task<int> CountAsync(string prefix, int from, int to)
    {
        var command = new StringBuilder("EXISTS");
        for (var i = from; i < to; i++)
            command.Append(CultureInfo.InvariantCulture, $" {prefix}:{i}");
        return int.Parse((await AskAsync(command.ToString()))["(integer) ".Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>Sets maxmemory to what is used now.</summary>
    public async Task LimitAsync(long more = 0) =>
        Assert.Equal("OK", await AskAsync($"CONFIG SET maxmemory {await InfoAsync("used_memory") + more}"));

    public async Task RestartAsync()
    {
        await World.Node("redis-1").RestartAsync(TestContext.Current.CancellationToken);
        _stream = await ConnectAsync(World);
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();

    private static async Task<Stream> ConnectAsync(World world) =>
        await world.ConnectAsync(world.Node("redis-1").Address, "test", TestContext.Current.CancellationToken);
}
