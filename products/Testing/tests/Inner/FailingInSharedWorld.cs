namespace Microcosm.Testing.Inner;

/// <summary>A test that fails in a shared world.</summary>
public sealed class FailingInSharedWorld(Shop shop) : SharedWorldTests<Shop>(shop)
{
    [Fact]
    public async Task Fails_in_a_shared_world()
    {
        World.Faults.Add("redis.GET refuse=\"LOADING not now\"");
        await using var stream = await World.ConnectAsync(World.Node("redis-1").Address);
        await stream.WriteAsync("GET order:1\r\n"u8.ToArray());
        Assert.Equal('$', stream.ReadByte());
    }
}
