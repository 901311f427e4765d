using System.Text;
using Microcosm.Redis;

namespace Microcosm.Testing.Tests;

/// <summary>A world with one Redis, and the least of a client for it.</summary>
public sealed class RedisWorld : WorldFixture
{
    /// <summary>Sends an inline command and gives the first line of the reply back, over the world's own network.</summary>
    public static async Task<string> AskAsync(World world, string command)
    {
        await using var stream = await world.ConnectAsync(world.Node("redis-1").Address);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync() ?? "closed";
    }

    protected override void Configure(WorldBuilder world) => world.AddRedis();
}
