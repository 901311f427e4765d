using System.Diagnostics;
using System.Globalization;

namespace Microcosm.SideBySide.Chubby;

/// <summary>Kills the leader under load, again and again, and looks how long nobody can write, and whether sessions live on.</summary>
internal sealed class FailOver(Cluster cluster)
{
    private const int Writers = 30;
    private const double LoadSeconds = 0.7;
    private const double PatienceSeconds = 60;

    private readonly Poller _poller = new();
    private readonly List<double> _firstMs = [];
    private readonly List<double> _lastMs = [];
    private Writer[] _writers = [];

    /// <summary>What is to be known of its table.</summary>
    public static string Text { get; } = "From before the kill to the answer to a write that was asked for after it. "
        + $"After each kill all {Writers} sessions were the same, and their own keys there.";

    /// <summary>Kills each cluster's leader in turn, and tells the pauses.</summary>
    public static void Run(Cluster[] clusters, int kills, Figures figures)
    {
        var runs = clusters.Select(c => new FailOver(c)).ToArray();
        foreach (var run in runs)
            run.Begin();
        for (var i = 0; i < kills; i++)
        {
            foreach (var run in runs)
                run.KillOnce();
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"kill {i + 1} of {kills}: ")
                + string.Join(", ", runs.Select(r => $"{r.Name} {r._firstMs[^1]:0} to {r._lastMs[^1]:0} ms")));
        }
        foreach (var run in runs)
        {
            See(figures, run.Name, "until the first client of another member writes", run._firstMs);
            See(figures, run.Name, $"until all {Writers} clients write", run._lastMs);
        }
    }

    private string Name => cluster.Name;

    private void Begin()
    {
        _writers = [.. Enumerable.Range(0, Writers).Select(i => new Writer(cluster, i))];
        foreach (var writer in _writers)
            writer.Begin(_poller);
    }

    private void KillOnce()
    {
        var sessions = _writers.Select(w => w.Session).ToArray();
        Pump(LoadSeconds, () => false);
        var leader = cluster.AwaitLeader();
        Pump(LoadSeconds, () => false);
        var others = _writers.Where(w => w.Member != leader).ToArray();
        // From before the kill to the answer to what was asked after it.
        var began = Stopwatch.GetTimestamp();
        cluster.Kill(leader);
        var since = Stopwatch.GetTimestamp();
        foreach (var writer in _writers)
            writer.Watch(since);
        if (!Pump(PatienceSeconds, () => _writers.All(w => w.AnsweredAt != 0)))
            throw new TimeoutException($"{Name}: a client could not write for {PatienceSeconds} s after the leader's death");
        _firstMs.Add(others.Min(w => Stopwatch.GetElapsedTime(began, w.AnsweredAt).TotalMilliseconds));
        _lastMs.Add(_writers.Max(w => Stopwatch.GetElapsedTime(began, w.AnsweredAt).TotalMilliseconds));
        if (!sessions.SequenceEqual(_writers.Select(w => w.Session)))
            throw new InvalidOperationException($"{Name}: a session is another one");
        CheckOwned((leader + 1) % Cluster.Members);
        cluster.Restart(leader);
        cluster.AwaitServing(leader);
        foreach (var writer in _writers)
            writer.GoHome();
    }

    private void CheckOwned(int member)
    {
        using var client = cluster.ConnectReady(member);
        for (var i = 0; i < Writers; i++)
        {
            if (client.OwnerIn(client.Await(client.ReadOwner(i))) != _writers[i].Session)
                throw new InvalidOperationException($"{Name}: the key of client {i} is gone");
        }
    }

    private bool Pump(double seconds, Func<bool> isEnough)
    {
        var began = Stopwatch.GetTimestamp();
        while (!isEnough())
        {
            if (Stopwatch.GetElapsedTime(began).TotalSeconds > seconds)
                return false;
            foreach (var i in _poller.Wait(1))
                _writers[i].Receive();
            foreach (var writer in _writers)
                writer.Work(_poller);
        }
        return true;
    }

    private static void See(Figures figures, string name, string what, List<double> pauses)
    {
        var sorted = pauses.Order().ToArray();
        foreach (var (figure, percent) in new[] { ("shortest, ms", 0), ("median, ms", 50), ("p90, ms", 90), ("longest, ms", 100) })
            figures.See(name, what, figure, Figures.Percentile(sorted, percent));
    }
}
