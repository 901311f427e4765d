using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests;

/// <summary>Five clients of one group, two of them static, that do at random what consumers do.</summary>
internal sealed class RandomClients(ulong seed)
{
    private const int Count = 5;

    private readonly RandomStream _random = new(seed);
    private readonly Answer<JoinResult>?[] _joins = new Answer<JoinResult>?[Count];
    private readonly JoinResult?[] _known = new JoinResult?[Count];

    public GroupWorld World { get; } = new();

    public void Step()
    {
        var client = _random.Next(Count);
        switch (_random.Next(10))
        {
            case < 4:
                Continue(client);
                break;
            case < 6:
                World.Commit(_random.Next(1_000), _known[client], Instance(client));
                break;
            case 6:
                World.Commit(_random.Next(1_000), group: "alone");
                break;
            case 7:
                World.Leave(_known[client]?.MemberId ?? "", Instance(client));
                break;
            case 8:
                (_joins[client], _known[client]) = (null, null);
                break;
            default:
                World.Advance(_random.Next(8_000));
                break;
        }
    }

    /// <summary>All clients go on without faults until nobody waits for anybody.</summary>
    public void Settle()
    {
        for (var round = 0; round < 40; round++)
        {
            for (var client = 0; client < Count; client++)
                Continue(client);
            World.Advance(2_000);
        }
    }

    /// <summary>What a consumer does next: join, sync, heartbeat, or wait for its join.</summary>
    private void Continue(int client)
    {
        if (_joins[client] is { IsHere: false })
            return;
        if (_joins[client] is { } answer)
        {
            _joins[client] = null;
            _known[client] = answer.Value.Error switch
            {
                KafkaError.None => answer.Value,
                KafkaError.MemberIdRequired => answer.Value,
                _ => null,
            };
            if (answer.Value.Error == KafkaError.None)
                World.Sync(answer.Value, Instance(client), [.. answer.Value.Members!.Select((one, i) => (one.MemberId, $"part-{i}"))]);
            return;
        }

        if (_known[client] is { Error: KafkaError.None } member)
        {
            var error = World.Heartbeat(member, Instance(client));
            if (error == KafkaError.None)
                return;
            if (error is KafkaError.UnknownMemberId or KafkaError.FencedInstanceId)
                _known[client] = null;
        }

        _joins[client] = World.Join(_known[client]?.MemberId ?? "", Instance(client), knowsIds: true, rebalance: 20_000);
    }

    private static string? Instance(int client) => client < 2 ? $"static-{client}" : null;
}
