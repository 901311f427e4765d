using System.Text;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Kafka;

/// <summary>
/// An idempotent producer with acks=all: a batch is sent again, with its sequence number, until it is acknowledged.
/// </summary>
internal sealed class SimulatedProducer(NodeContext context, SimulatedKafkaClient client, string topic, int number, int partitions,
    RecordBook book)
{
    private const short ProduceVersion = 11;
    private const int TimeoutMs = 1_000;

    private readonly RandomStream _random = context.Seed.Stream("records");
    private readonly int[] _sequences = new int[partitions];
    private long _id = -1;
    private int _records;

    /// <summary>Produces until it is told to stop, and gives up then what is not acknowledged.</summary>
    public async Task RunAsync(Func<bool> isOn)
    {
        while (isOn() && _id < 0)
        {
            var response = await client.AskAnyAsync<InitProducerIdRequest, InitProducerIdResponse>(
                new() { TransactionalId = null, TransactionTimeoutMs = 1_000 }, 5);
            if (response is { ErrorCode: 0 })
                _id = response.ProducerId;
            else
                await PauseAsync();
        }
        while (isOn())
        {
            await SendAsync(_random.Next(partitions), isOn);
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(_random.Chance(0.5) ? 5 : 150)), context.Clock);
        }
    }

    private async Task SendAsync(int partition, Func<bool> isOn)
    {
        var builder = new RecordBatchBuilder { ProducerId = _id, ProducerEpoch = 0, BaseSequence = _sequences[partition] };
        var values = Enumerable.Range(0, 1 + _random.Next(3)).Select(_ => $"{number}.{partition}.{++_records}").ToArray();
        foreach (var value in values)
            builder.Add(context.Clock.GetUtcNow().ToUnixTimeMilliseconds(), null, Encoding.UTF8.GetBytes(value));
        var batch = builder.Build();
        book.Sent(partition, values);
        while (isOn())
        {
            if (await TrySendAsync(partition, batch) is { } offset)
            {
                book.Acknowledged(partition, offset, values);
                _sequences[partition] += values.Length;
                return;
            }
            await PauseAsync();
        }
    }

    // The offset of the batch, or null: it has to be sent again.
    private async ValueTask<long?> TrySendAsync(int partition, byte[] batch)
    {
        if (await client.LeaderAsync(topic, partition) is not { } at)
            return null;
        var request = new ProduceRequest
        {
            Acks = -1, TimeoutMs = TimeoutMs,
            TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = batch }] }],
        };
        var response = await client.AskAsync<ProduceRequest, ProduceResponse>(at.LeaderId, request, ProduceVersion);
        if (response?.Responses is not [{ PartitionResponses: [var answer] }])
            return null;
        return (KafkaError)answer.ErrorCode switch
        {
            KafkaError.None => answer.BaseOffset,
            // One batch at a time, and none given up: the broker must know where this one stands.
            KafkaError.OutOfOrderSequenceNumber or KafkaError.UnknownProducerId or KafkaError.InvalidProducerEpoch
                or KafkaError.CorruptMessage =>
                throw new CheckFailedException("sequence",
                    $"producer {number} got {(KafkaError)answer.ErrorCode} on partition {partition} of kafka-{at.LeaderId}, "
                    + $"epoch {at.LeaderEpoch}: {answer.ErrorMessage}"),
            _ => null,
        };
    }

    private Task PauseAsync() => Task.Delay(TimeSpan.FromMilliseconds(20 + _random.Next(80)), context.Clock);
}
