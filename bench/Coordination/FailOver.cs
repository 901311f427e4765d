using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Microcosm.Coordination;

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

    /// <summary>The pauses of each cluster, in turn, as a table.</summary>
    public static string Run(Cluster[] clusters, int kills)
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
        var text = new StringBuilder("| pause, ms | | min | median | p90 | max |\n|---|---|---:|---:|---:|---:|\n");
        foreach (var run in runs)
        {
            text.Append(Row(run.Name, "until the first client of another member writes", run._firstMs));
            text.Append(Row(run.Name, $"until all {Writers} clients write", run._lastMs));
        }
        return text.Append($"\nAfter each kill all {Writers} sessions were the same, and their own keys there.\n").ToString();
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

    private static string Row(string name, string what, List<double> pauses)
    {
        var sorted = pauses.Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {what} | {sorted[0]:0} | {sorted[sorted.Length / 2]:0} | ")
            + string.Create(CultureInfo.InvariantCulture, $"{sorted[(int)(sorted.Length * 0.9)]:0} | {sorted[^1]:0} |\n");
    }
}
