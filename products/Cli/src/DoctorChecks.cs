using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microcosm.Runtime;

namespace Microcosm.Cli;

/// <summary>What the doctor looks at, each thing on its own.</summary>
internal static class DoctorChecks
{
    // Connections, files and room for the runtime's own: a world of some nodes under load.
    private const long DescriptorsWanted = 4096;

    // Programs that tests, samples and scores use when they are there.
    private static readonly (string Program, string For)[] Programs =
    [
        ("redis-cli", "talking to Redis by hand (Debian: redis-tools)"),
        ("redis-benchmark", "bench/ and load (Debian: redis-tools)"),
        ("redis-server", "comparing with the real server (Debian: redis-server)"),
        ("tclsh", "cosm score redis --run (Debian: tcl)"),
        ("kcat", "cosm learn 22 (Debian: kcat)"),
        ("curl", "cosm learn 28 (Debian: curl)"),
        ("node", "tests with ioredis (Debian: nodejs)"),
    ];

    /// <summary>All checks, in the order to read them.</summary>
    public static async Task<IReadOnlyList<DoctorCheck>> AllAsync(int controlPort, CancellationToken cancellation) =>
    [
        new("runtime", DoctorState.Ok, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, "
            + $"{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors"),
        await SdkAsync(cancellation),
        EventLoops(),
        await WorldAsync(cancellation),
        Descriptors(),
        .. Catalog.Create([], [], []).SelectMany(s => s.Nodes).Select(n => UsualPort(n.Name, n.Port)),
        ControlPort(controlPort),
        .. Programs.Select(p => ClientProgram(p.Program, p.For)),
    ];

    private static async Task<DoctorCheck> SdkAsync(CancellationToken cancellation)
    {
        const string Advice = "needed only to build and to run tests and samples";
        try
        {
            using var dotnet = Process.Start(new ProcessStartInfo("dotnet", ["--list-sdks"]) { RedirectStandardOutput = true })!;
            var lines = (await dotnet.StandardOutput.ReadToEndAsync(cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var versions = lines.Select(l => l.Split(' ')[0]).ToList();
            var major = Environment.Version.Major.ToString(CultureInfo.InvariantCulture);
            return versions.Exists(v => v.StartsWith(major + ".", StringComparison.Ordinal))
                ? new("sdk", DoctorState.Ok, string.Join(", ", versions))
                : new("sdk", DoctorState.Warning, $"no .NET SDK {major}: {string.Join(", ", versions)}", Advice);
        }
        catch (Win32Exception)
        {
            return new("sdk", DoctorState.Warning, "dotnet is not in the path", Advice);
        }
    }

    private static DoctorCheck EventLoops()
    {
        if (!EventLoop.IsSupported)
            return new("event loop", DoctorState.Warning, "no epoll here; worlds use Kestrel's sockets", "works, at more CPU a request");
        try
        {
            using var loop = new EventLoop("doctor");
            return new("event loop", DoctorState.Ok, "epoll works");
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException or Win32Exception)
        {
            return new("event loop", DoctorState.Failed, $"epoll fails: {e.Message}", "is it forbidden by a sandbox?");
        }
    }

    // The proof of all the rest: a world with every system starts on free ports and answers.
    private static async Task<DoctorCheck> WorldAsync(CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await using var world = await World.StartAsync(w => Catalog.Create([], [], []).ForEach(s => w.Add(s)), cancellation);
            foreach (var system in world.Systems)
                await system.PingAsync(cancellation);
            foreach (var node in world.Nodes.Where(n => n.Socket is not null))
            {
                using var client = new TcpClient();
                await client.ConnectAsync(node.Socket!, cancellation);
            }
            return new("world", DoctorState.Ok, string.Create(CultureInfo.InvariantCulture,
                $"{string.Join(", ", world.Systems.Select(s => s.Name))} started and answered in "
                + $"{Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms"));
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            return new("world", DoctorState.Failed, $"does not start: {e.Message}");
        }
    }

    private static DoctorCheck Descriptors()
    {
        const string Limits = "/proc/self/limits";
        if (!File.Exists(Limits))
            return new("open files", DoctorState.Ok, "no limit is known here");
        var words = File.ReadLines(Limits).First(l => l.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var soft = words[3];
        return soft == "unlimited" || long.Parse(soft, CultureInfo.InvariantCulture) >= DescriptorsWanted
            ? new("open files", DoctorState.Ok, $"{soft} a process")
            : new("open files", DoctorState.Warning, $"{soft} a process", "each client takes one: raise it with 'ulimit -n 65536'");
    }

    private static DoctorCheck UsualPort(string node, int port) => IsFree(port)
        ? new($"port {port}", DoctorState.Ok, $"free for {node}")
        : new($"port {port}", DoctorState.Warning, $"taken; {node} would listen on a free one", "a world or the real server runs already?");

    private static DoctorCheck ControlPort(int port) => IsFree(port)
        ? new($"port {port}", DoctorState.Ok, "free for the control API")
        : new($"port {port}", DoctorState.Warning, "taken, by a running world if 'cosm ps' answers", "else choose another: --control-port");

    /// <summary>True if a server could listen on that port now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static DoctorCheck ClientProgram(string program, string use) =>
        ProgramRun.Find(program) is { } found
            ? new(program, DoctorState.Ok, found)
            : new(program, DoctorState.Warning, "not found", $"for {use}");
}
