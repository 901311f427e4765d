namespace Microcosm.Simulation;

/// <summary>A range of seeds on some threads. Which seed fails first does not depend on how many.</summary>
internal sealed class SeedSweep(Func<ulong, SimulationResult> run, ulong first, int count)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ulong, SimulationResult> _results = [];
    private int _taken;

    /// <summary>Told how many seeds are done.</summary>
    public Action<int>? OnSeedDone { get; init; }

    /// <summary>The lowest failing seed's run.</summary>
    public SimulationResult? Failing { get; private set; }

    /// <summary>Seeds up to the failing one, or all.</summary>
    public int SeedsRun => Counted.Count();

    /// <summary>Of these seeds, together.</summary>
    public long Steps => Counted.Sum(r => r.Steps);

    /// <summary>Of these seeds, together.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Counted.Sum(r => r.Elapsed.Ticks));

    /// <summary>Of these seeds, together.</summary>
    public IReadOnlyDictionary<string, long> Probes
    {
        get
        {
            var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
            foreach (var (name, hits) in Counted.SelectMany(r => r.Probes))
                sums[name] = sums.GetValueOrDefault(name) + hits;
            return sums;
        }
    }

    // Threads may have run seeds above the failing one by then; they do not count.
    private IEnumerable<SimulationResult> Counted => _results.Values.Where(r => Failing is null || r.Seed <= Failing.Seed);

    public void Run(int threads)
    {
        if (threads <= 1)
        {
            Work();
            return;
        }
#pragma warning disable RS0030 // Runs simulations side by side; inside each there are no threads.
        var workers = Enumerable.Range(0, threads).Select(i => new Thread(Work) { IsBackground = true, Name = $"seeds-{i}" }).ToArray();
        foreach (var worker in workers)
            worker.Start();
        foreach (var worker in workers)
            worker.Join();
#pragma warning restore RS0030
    }

    private void Work()
    {
        while (TryTake(out var seed))
        {
            var result = run(seed);
            int done;
            lock (_gate)
            {
                _results.Add(seed, result);
                done = _results.Count;
                if (result.Failure is not null && (Failing is null || seed < Failing.Seed))
                    Failing = result;
            }
            OnSeedDone?.Invoke(done);
        }
    }

    private bool TryTake(out ulong seed)
    {
        lock (_gate)
        {
            seed = first + (ulong)_taken;
            if (_taken == count || seed > (Failing?.Seed ?? ulong.MaxValue))
                return false;
            _taken++;
            return true;
        }
    }
}
