using System.Net;
using System.Net.Sockets;

namespace Microcosm.SideBySide;

/// <summary>Where it is measured.</summary>
internal static class Machine
{
    /// <summary>Cores, kernel, runtime and day, in a line.</summary>
    public static string Describe()
    {
        var model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
                ?.Split(':')[1].Trim()
            : null;
        return $"{Environment.ProcessorCount} cores ({model ?? "unknown"}), {Environment.OSVersion.VersionString}, "
            + $".NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}.";
    }

    /// <summary>What a command line begins with that is to run on one core; nothing where there is only one.</summary>
    public static IReadOnlyList<string> OnCore(int core) => Environment.ProcessorCount > 1 ? ["taskset", "-c", $"{core}"] : [];

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
