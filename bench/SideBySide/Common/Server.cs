using System.Diagnostics;

namespace Microcosm.SideBySide;

/// <summary>A server under measurement: its processes, what they take, and its folder, which goes with it.</summary>
internal abstract class Server : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Until what making things needed is given back.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private static readonly List<Server> All = [];

    private readonly List<ServerProcess> _processes = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    static Server()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => EndAll();
        AppDomain.CurrentDomain.UnhandledException += (_, _) => EndAll();
    }

    protected Server(string name)
    {
        Name = name;
        lock (All)
            All.Add(this);
    }

    /// <summary>Of its column.</summary>
    public string Name { get; }

    /// <summary>User and system time of all its processes so far, in seconds; NaN where it has none.</summary>
    public double CpuSeconds => _processes.Count == 0 ? double.NaN : _processes.Sum(p => ProcessTree.CpuSeconds(p.Id));

    /// <summary>Of all its processes.</summary>
    public long ResidentBytes => _processes.Sum(p => ProcessTree.ResidentBytes(p.Id));

    /// <summary>From the start of its process until it first answered.</summary>
    public double StartMs { get; private set; }

    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("side-by-side-");

    /// <summary>Ends all that still run.</summary>
    public static void EndAll()
    {
        Server[] all;
        lock (All)
            all = [.. All];
        foreach (var server in all)
            server.Dispose();
    }

    /// <summary>Resident bytes that each of so many things adds.</summary>
    public double BytesEach(int count, Action make)
    {
        var before = ResidentBytes;
        make();
        Thread.Sleep(Settling);
        return (double)(ResidentBytes - before) / count;
    }

    /// <summary>What it takes of a processor while nobody asks it for anything, per cent.</summary>
    public double IdlePercent(TimeSpan duration)
    {
        var (cpu, began) = (CpuSeconds, Stopwatch.GetTimestamp());
        Thread.Sleep(duration);
        return (CpuSeconds - cpu) / Stopwatch.GetElapsedTime(began).TotalSeconds * 100;
    }

    public virtual void Dispose()
    {
        lock (All)
            All.Remove(this);
        // Twice at once, where the program is ended while it measures.
        lock (Folder)
        {
            EndProcesses();
            Folder.Refresh();
            if (Folder.Exists)
                Folder.Delete(recursive: true);
        }
    }

    /// <summary>Starts one of its processes.</summary>
    protected ServerProcess Launch(IReadOnlyList<string> line)
    {
        _watch.Restart();
        var process = new ServerProcess(Folder.FullName, line);
        _processes.Add(process);
        return process;
    }

    /// <summary>Starts <c>cosm up</c> with free ports, as published; returns when every system answers.</summary>
    protected Ready Up(IReadOnlyList<string> cosm, params IEnumerable<string> arguments)
    {
        var process = Launch([.. cosm, "up", .. arguments, "--ports", "auto", "--control-port", "0", "--output", "json"]);
        var line = process.FirstLine.WaitAsync(Patience).GetAwaiter().GetResult()
            ?? throw new IOException($"cosm up did not start: {process.LastLines}");
        StartMs = _watch.Elapsed.TotalMilliseconds;
        return Ready.Parse(line);
    }

    /// <summary>Ends one of them without a warning; on return it is dead.</summary>
    protected void End(ServerProcess process)
    {
        process.Kill();
        _processes.Remove(process);
        process.Dispose();
    }

    /// <summary>Ends all of them.</summary>
    protected void EndProcesses()
    {
        _processes.ForEach(p => p.Dispose());
        _processes.Clear();
    }

    /// <summary>Waits until it is so; looks each millisecond, or as often as is said. Servers of others tell nobody.</summary>
    protected void Await(string what, Func<bool> isSo, int eachMs = 1)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            if (_processes.Find(p => p.HasEnded) is { } ended)
                throw new IOException($"{Name} ended while {what} was waited for: {ended.LastLines}");
            if (watch.Elapsed > Patience)
                throw new TimeoutException($"{Name}: {what} did not come within {Patience.TotalSeconds} s");
            Thread.Sleep(eachMs);
        }
    }

    /// <summary>The same for the first answer, which tells how long its start took.</summary>
    protected void AwaitFirstAnswer(Func<bool> answers)
    {
        Await("its first answer", answers);
        StartMs = _watch.Elapsed.TotalMilliseconds;
    }
}
