using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Moves leaders and replicas about.</summary>
internal sealed class SimulatedOperator(
    NodeContext context, SimulatedKafkaClient client, int brokers, int replicas, IReadOnlyList<(string Topic, int Partitions)> topics)
{
    private const int TimeoutMs = 500;

    private readonly RandomStream _random = context.Seed.Stream("operator");

    public async Task RunAsync(Func<bool> isOn)
    {
        while (isOn())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200 + _random.Next(1_000)), context.Clock);
            if (_random.Chance(0.4))
                await client.AskAnyAsync<ElectLeadersRequest, ElectLeadersResponse>(
                    new() { TopicPartitions = null, TimeoutMs = TimeoutMs }, 2);
            else
                await ReassignAsync();
        }
    }

    private async Task ReassignAsync()
    {
        var all = Enumerable.Range(1, brokers).ToArray();
        _random.Shuffle<int>(all);
        var (topic, partitions) = topics[topics.Count == 1 ? 0 : _random.Next(topics.Count)];
        await client.AskAnyAsync<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>(new()
        {
            TimeoutMs = TimeoutMs,
            Topics = [new() { Name = topic, Partitions =
                [new() { PartitionIndex = _random.Next(partitions), Replicas = [.. all[..replicas]] }] }],
        }, 0);
    }
}
