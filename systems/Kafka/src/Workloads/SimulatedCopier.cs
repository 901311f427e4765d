using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Copies one partition of a topic to another topic, exactly once: in transactions with the offsets of what they copy (KIP-98). It dies at
/// any step and starts again, and there are several with one transactional id, which fence each other. Half of its lives speak as clients
/// did before KIP-890, and half as since then (transaction.version 2).
/// </summary>
internal sealed class SimulatedCopier(
    NodeContext context, SimulatedKafkaClient client, string input, int partition, string output, int outputs, TransactionBook book)
{
    private const string Group = "copiers";

    private readonly RandomStream _random = context.Seed.Stream($"copier/{partition}");

    /// <summary>It does not die, and is done at this offset.</summary>
    public long? Until { get; init; }

    /// <summary>Lives until it is told to stop, or has copied all that it was to copy.</summary>
    public async Task RunAsync(Func<bool> isOn)
    {
        while (isOn() && !await LiveAsync(isOn))
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(Until is null ? 2_500 : 100)), context.Clock);
    }

    // True: all was copied.
    private async Task<bool> LiveAsync(Func<bool> isOn)
    {
        var producer = new SimulatedTransactions(context, client, _random, $"copier-{partition}", Group, _random.Chance(0.5))
        {
            DiesAtStep = Until is null ? 0.02 : 0, IsOn = isOn,
        };
        if (!await producer.InitAsync() || await producer.PositionAsync(input, partition) is not { } position)
            return false;
        var reader = new SimulatedReader(client, input, partition) { Position = position };
        while (isOn() && position < (Until ?? long.MaxValue))
        {
            reader.Position = position;
            var (isAnswered, _, records) = await reader.ReadAsync(maxWaitMs: 100);
            (long Offset, string Value)[] taken = [.. records.Take(1 + _random.Next(4))];
            if (taken.Length == 0)
            {
                position = reader.Position;
                await Task.Delay(TimeSpan.FromMilliseconds(isAnswered ? 5 : 50), context.Clock);
                continue;
            }
            if (await CopyAsync(producer, taken) is not { } isCommitted)
                return false;
            position = isCommitted ? taken[^1].Offset + 1 : position;
            // Now and then longer than a transaction may take.
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(Until is null && _random.Chance(0.05) ? 2_000 : 20)), context.Clock);
        }
        return position >= (Until ?? long.MaxValue);
    }

    // Whether it was committed, or null: this life is over.
    private async Task<bool?> CopyAsync(SimulatedTransactions producer, IReadOnlyList<(long Offset, string Value)> inputs)
    {
        var (transaction, copies) = book.Begin(partition, inputs);
        foreach (var copy in copies)
        {
            if (!await producer.ProduceAsync(output, _random.Next(outputs), copy))
                return null;
        }
        if (!await producer.CommitOffsetAsync(input, partition, inputs[^1].Offset + 1))
            return null;
        var isCommit = Until is not null || !_random.Chance(0.2);
        if (isCommit)
            book.Committing(transaction);
        if (!await producer.EndAsync(isCommit))
            return null;
        if (isCommit)
            book.Committed(transaction);
        return isCommit;
    }
}
