using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Microcosm;

/// <summary>
/// Finds real ports. A node keeps its port while it is down, so a port that the kernel may give to anybody's outgoing connection will not
/// do: where one takes it meanwhile, the node cannot come back.
/// </summary>
internal static class FreePorts
{
    private const string KernelsRangeFile = "/proc/sys/net/ipv4/ip_local_port_range";
    private const int PortMin = 10_000;
    private const int PortMax = 32_000;

    // Fewer than this many ports would soon be used up.
    private const int RoomMin = 1_000;
    private const int TriesMax = 500;

    private static readonly (int First, int Last)? Quiet = QuietRange(KernelsRange());

    // Where this process began to look: others begin elsewhere. Each port is looked at once before any is looked at again, so that two
    // worlds that start side by side do not find the same.
    private static int s_next = Random.Shared.Next(1 << 20);

    /// <summary>
    /// The wanted port if it is free, else any free one (also when <paramref name="wanted"/> is 0): outside of the range that the kernel
    /// takes for outgoing connections, as long as there is one.
    /// </summary>
    public static IPEndPoint Find(IPAddress address, int wanted)
    {
        if (wanted != 0 && TryProbe(address, wanted) is { } found)
            return found;
        if (Quiet is var (first, last))
        {
            for (var i = 0; i < TriesMax; i++)
            {
                var port = first + (int)((uint)Interlocked.Increment(ref s_next) % (uint)(last - first + 1));
                if (TryProbe(address, port) is { } free)
                    return free;
            }
        }
        return Probe(address, 0);
    }

    /// <summary>
    /// The ports for nodes, where the kernel takes those from <paramref name="kernels"/> for outgoing connections: below these, or else
    /// above them; null where they leave no room.
    /// </summary>
    internal static (int First, int Last)? QuietRange((int First, int Last) kernels)
    {
        var below = (First: PortMin, Last: Math.Min(PortMax, kernels.First - 1));
        if (below.Last - below.First >= RoomMin)
            return below;
        var above = (First: Math.Max(PortMin, kernels.Last + 1), Last: IPEndPoint.MaxPort);
        return above.Last - above.First >= RoomMin ? above : null;
    }

    // Where it is not to be read, that of RFC 6335, section 6.
    private static (int First, int Last) KernelsRange()
    {
        try
        {
            var ends = File.ReadAllText(KernelsRangeFile).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return (int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[1], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return (49_152, 65_535);
        }
    }

    private static IPEndPoint? TryProbe(IPAddress address, int port)
    {
        try
        {
            return Probe(address, port);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static IPEndPoint Probe(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen();
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
