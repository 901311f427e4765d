using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Microcosm.Edge;

/// <summary>A server under load: a process with its children, on the first core where the machine has two.</summary>
internal sealed class EdgeServer : IDisposable
{
    private readonly Process _process;

    private EdgeServer(string name, Process process, int port) => (Name, _process, Port) = (name, process, port);

    public string Name { get; }

    /// <summary>Of plain HTTP.</summary>
    public int Port { get; }

    /// <summary>User and system time of all its processes, in seconds.</summary>
    public double CpuSeconds => Processes().Sum(TicksOf) / 100.0;

    /// <summary>Resident bytes of all its processes.</summary>
    public long ResidentBytes =>
        Processes().Sum(p => long.Parse(Field($"/proc/{p}/status", "VmRSS:"), CultureInfo.InvariantCulture) * 1024);

    /// <summary>Starts a program and waits until it takes connections.</summary>
    public static EdgeServer Start(string name, int port, string folder, params string[] line)
    {
        string[] pinned = Environment.ProcessorCount > 1 ? ["taskset", "-c", "0", .. line] : line;
        var process = Process.Start(new ProcessStartInfo(pinned[0], pinned[1..]) { WorkingDirectory = folder })!;
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", port);
                return new EdgeServer(name, process, port);
            }
            catch (SocketException) when (tries < 2000 && !process.HasExited)
            {
                // It does not listen yet.
                Thread.Sleep(25);
            }
        }
    }

    /// <summary>Sends it a signal.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private List<int> Processes()
    {
        var all = new List<int> { _process.Id };
        for (var i = 0; i < all.Count; i++)
        {
            var children = $"/proc/{all[i]}/task/{all[i]}/children";
            if (File.Exists(children))
                all.AddRange(File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
        }
        return all;
    }

    private static long TicksOf(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static string Field(string file, string name) =>
        File.ReadLines(file).First(l => l.StartsWith(name, StringComparison.Ordinal))
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1];
}
