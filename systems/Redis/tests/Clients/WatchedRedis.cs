using Microcosm.Runtime;

namespace Microcosm.Redis.Tests;

/// <summary>Redis in a world whose node the test can look into, while the server is quiet.</summary>
internal sealed class WatchedRedis : SystemDefinition
{
    private readonly RedisSystem _system;

    public WatchedRedis(RedisOptions options)
    {
        _system = new RedisSystem(options);
        Nodes = [new NodeDefinition("redis-1", 6379, context => Node = new RedisNode(context, options, 6379))];
    }

    /// <summary>The node that was started last.</summary>
    public RedisNode? Node { get; private set; }

    public override string Name => _system.Name;

    public override string Contract => _system.Contract;

    public override IReadOnlyList<NodeDefinition> Nodes { get; }

    public override void SetOption(string name, string value) => _system.SetOption(name, value);

    public override string ConnectionString(IReadOnlyList<string> endpoints) => _system.ConnectionString(endpoints);

    public override ValueTask PingAsync(Stream connection, CancellationToken cancellation) => _system.PingAsync(connection, cancellation);
}
