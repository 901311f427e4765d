using System.Text;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Storage;

/// <summary>Does random things to a log and tells the model.</summary>
internal sealed class LogScript(LogModel model, RandomStream random, string name)
{
    private int _values;

    /// <summary>Options small enough for many segments.</summary>
    public static LogOptions Options(RandomStream random) => new()
    {
        SegmentBytes = 64 + random.Next(random.Chance(0.5) ? 100 : 1_000),
        IndexBytes = 1 + random.Next(200),
        RecordBytesMax = 200,
        PendingBytesMax = 100_000,
        VerifiesAll = random.Chance(0.5),
    };

    /// <summary>Random changes, commits and reads.</summary>
    public async Task RunAsync(SegmentedLog log, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            Change(log);
            if (random.Chance(0.3))
                await CommitAsync(log);
            else if (random.Chance(0.2))
                await log.WriteAsync();
            if (random.Chance(0.2))
                Read(log);
        }
    }

    /// <summary>One change of both.</summary>
    public void Change(SegmentedLog log)
    {
        var now = model.Now;
        switch (random.Next(40))
        {
            case 0 or 1:
                var from = Math.Max(now.First, now.Next - random.Next(random.Chance(0.8) ? 5 : 40));
                log.TruncateSuffix(from);
                model.Apply(new LogChange(null, CutFrom: from));
                break;
            case 2 or 3:
                var to = random.Chance(0.1) ? now.Next + 1 + random.Next(5) : now.First + random.Next((int)(now.Next - now.First) + 1);
                log.TruncatePrefix(to);
                model.Apply(new LogChange(null, First: to));
                break;
            default:
                for (var n = 1 + random.Next(4); n > 0; n--)
                    Append(log);
                break;
        }
        model.DurableNext = log.DurableNext;
        Hold((log.First, log.Next) == (model.Now.First, model.Now.Next), "the numbers of its records");
    }

    /// <summary>Commits, and holds the log to it.</summary>
    public async Task CommitAsync(SegmentedLog log)
    {
        var count = model.Count;
        await log.CommitAsync();
        model.Acknowledge(count);
        model.DurableNext = log.DurableNext;
    }

    /// <summary>Reads a record of each kind: at random, and some in a row.</summary>
    public void Read(SegmentedLog log)
    {
        var count = (int)(model.Now.Next - model.Now.First);
        if (count == 0)
            return;
        var buffer = new byte[256];
        var sequence = model.Now.First + random.Next(count);
        var length = log.Read(sequence, buffer);
        Hold(model.Now[sequence] == Encoding.UTF8.GetString(buffer, 0, length), "a record that is read");
        using var reader = log.ReadFrom(sequence);
        for (var i = sequence; i < Math.Min(sequence + 5, log.Next); i++)
        {
            Hold(reader.TryRead(out var record) && model.Now[i] == Encoding.UTF8.GetString(record), "a record that is read on to");
        }
    }

    private void Append(SegmentedLog log)
    {
        var value = $"{name}{++_values}-{new string('x', random.Next(random.Chance(0.9) ? 40 : 150))}";
        var bytes = Encoding.UTF8.GetBytes(value);
        var split = random.Next(bytes.Length + 1);
        var sequence = log.Append(bytes.AsSpan(0, split), bytes.AsSpan(split));
        Hold(sequence == model.Now.Next, "the number of a record that is appended");
        model.Apply(new LogChange(value));
    }

    private static void Hold(bool isSo, string what)
    {
        if (!isSo)
            throw new CheckFailedException("storage.log", $"{what} is not as the model has it");
    }
}
