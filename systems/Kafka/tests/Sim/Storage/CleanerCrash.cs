using Microcosm.Kafka.Tests.Storage;
using Microcosm.Runtime;
using Microcosm.Storage.Tests;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>A compacted log with transactions is written to, cleaned and cut off from power at random steps.</summary>
internal sealed class CleanerCrash(ulong seed)
{
    private readonly RandomStream _random = new(seed);
    private readonly MemoryDisk _disk = new();
    private readonly TestLog.TestClock _clock = new();

    private LogSettings _settings = new();
    private CleanerModel _model = null!;

    /// <summary>Cleanings that were done.</summary>
    public int Cleanings { get; private set; }

    public async Task RunAsync()
    {
        (_model, _settings) = (new CleanerModel(_random), CleanerModel.Settings(_random));
        for (var generation = 0; generation < 4; generation++)
        {
            var at = 1 + _random.Next(300);
            if (_random.Chance(0.2))
            {
                // Only an error, once: the log must be opened again, and what is in the page cache is still there.
                await OpenAsync(HookedDisk.FailingAt(at, _disk), steps: 40);
                if (_random.Chance(0.5))
                    continue;
            }
            else
            {
                await OpenAsync(new CrashingDisk(_disk, at, _random.Chance(0.5)).Disk, steps: 40);
            }
            _disk.Crash(_random);
            if (!_random.Chance(0.3))
                continue;
            await OpenAsync(new CrashingDisk(_disk, 1 + _random.Next(12), _random.Chance(0.5)).Disk, steps: 0);
            _disk.Crash(_random);
        }
        _model.Reopened(await PartitionLog.OpenAsync(_disk, "t-0", _settings, _clock));
    }

    private async Task OpenAsync(IDisk disk, int steps)
    {
        try
        {
            var log = await PartitionLog.OpenAsync(disk, "t-0", _settings, _clock);
            _model.Reopened(log);
            for (var i = 0; i < steps; i++)
            {
                await StepAsync(log);
                log.OnHighWatermark(log.LogEndOffset);
            }
            _model.Check(log);
        }
        catch (IOException)
        {
            // The power is off.
        }
    }

    private async ValueTask StepAsync(PartitionLog log)
    {
        if (_model.HasHorizonPassed)
            _clock.Advance(_random.Next(200));
        switch (_random.Next(12))
        {
            case 0 or 1:
                var end = log.LogEndOffset;
                await log.SyncAsync();
                _model.SyncedEnd = Math.Max(_model.SyncedEnd, end);
                break;
            case 2 or 3:
                _model.Stable = log.LogEndOffset;
                Cleanings += await log.CompactAsync(_clock.GetUtcNow().ToUnixTimeMilliseconds(), log.LogEndOffset) ? 1 : 0;
                _model.Check(log);
                break;
            case 4 when _random.Chance(0.3):
                // Never below a high watermark; a cleaning has relied on it.
                var cut = Math.Max(_model.Stable, log.LogEndOffset - _random.Next(5));
                // A batch of three may go as a whole.
                _model.SyncedEnd = Math.Min(_model.SyncedEnd, cut - 2);
                if (cut >= log.LogEndOffset)
                    break;
                await log.TruncateToAsync(cut);
                _model.Cut(log.LogEndOffset);
                break;
            default:
                _model.Append(log);
                break;
        }
    }
}
