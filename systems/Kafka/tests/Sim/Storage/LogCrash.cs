using Microcosm.Kafka.Tests.Storage;
using Microcosm.Runtime;
using Microcosm.Storage.Tests;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>
/// One random script on a log, in whose course the power fails at a step on the disk, with torn writes; while it recovers it may fail
/// again. Everything follows from the seed.
/// </summary>
internal sealed class LogCrash(ulong seed)
{
    private const int Steps = 30;

    private readonly RandomStream _random = new(seed);
    private readonly LogModel _model = new();
    private readonly MemoryDisk _disk = new();
    private LogSettings _settings = new();

    /// <summary>What the power failed at.</summary>
    public string LastStep { get; private set; } = "";

    /// <summary>Throws <see cref="ModelException"/>, or what the log throws, if something is wrong.</summary>
    public async Task RunAsync()
    {
        _settings = LogScript.Settings(_random);
        for (var generation = 0; generation < 3; generation++)
        {
            var at = 1 + _random.Next(_random.Chance(0.5) ? 30 : 250);
            if (_random.Chance(0.2))
            {
                // Only an error, once: the log must be opened again, and what is in the page cache is still there.
                await LiveAsync(HookedDisk.FailingAt(at, _disk));
                if (_random.Chance(0.5))
                    continue;
            }
            else
            {
                var crash = new CrashingDisk(_disk, at, _random.Chance(0.5));
                await LiveAsync(crash.Disk);
                LastStep = crash.LastStep;
            }
            _disk.Crash(_random);
            if (_random.Chance(0.2))
                TearOutOfOrder();
            if (!_random.Chance(0.3))
                continue;
            // Once more, while it recovers; that changes nothing of what may be there.
            await OpenAsync(new CrashingDisk(_disk, 1 + _random.Next(12), _random.Chance(0.5)).Disk, _ => Task.CompletedTask);
            _disk.Crash(_random);
        }
        var log = await PartitionLog.OpenAsync(_disk, "t-0", _settings, new TestLog.TestClock());
        _model.Reopened(log);
    }

    // Sectors of an unsynced write need not reach the disk in order: the head of a batch is there, and not its body.
    private void TearOutOfOrder()
    {
        if (_disk.List("t-0/").LastOrDefault(n => n.EndsWith(".log", StringComparison.Ordinal)) is not { } last)
            return;
        var torn = Batch.At(_model.End, 1_000, Batch.Of("torn"));
        torn.AsSpan(RecordBatch.HeaderBytes).Clear();
        using var file = _disk.Open(last, DiskOpen.Existing);
        using var batches = new BatchCursor(new LogFile(new LogFiles(_disk), last), 0, file.Length, headersOnly: true);
        while (batches.TryNext(out _))
            continue;
        file.Write(batches.NextPosition, torn);
        file.Sync();
    }

    private async Task LiveAsync(IDisk crashing)
    {
        // What is appended while a sync is under way it does not cover.
        PartitionLog? log = null;
        var disk = new HookedDisk(crashing, async (what, doIt) =>
        {
            await doIt();
            if (log is { } open && what.EndsWith(".log", StringComparison.Ordinal) && what.StartsWith("sync", StringComparison.Ordinal)
                && !open.State.IsChanging && !open.State.IsClosed && _random.Chance(0.2))
                new LogScript(_model, _random).Append(open);
        });
        await OpenAsync(disk, async opened =>
        {
            _model.Reopened(opened);
            log = opened;
            var script = new LogScript(_model, _random);
            await script.RunAsync(opened, Steps);
            _model.Check(opened);
            if (_random.Chance(0.3))
            {
                await opened.CloseAsync();
                _model.SyncedEnd = _model.End;
            }
        });
    }

    private async Task OpenAsync(IDisk disk, Func<PartitionLog, Task> work)
    {
        try
        {
            await work(await PartitionLog.OpenAsync(disk, "t-0", _settings, new TestLog.TestClock()));
        }
        catch (IOException)
        {
            // The power is off.
        }
    }
}
