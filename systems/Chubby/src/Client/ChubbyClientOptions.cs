using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Client;

/// <summary>How a client finds its cell and how it counts time.</summary>
public sealed record ChubbyClientOptions
{
    /// <summary>Members of the cell.</summary>
    public required int Members { get; init; }

    /// <summary>Connects to a member, from 0. May throw what sockets throw.</summary>
    public required Func<int, CancellationToken, ValueTask<ChubbyTransport>> Connect { get; init; }

    /// <summary>All time that the client reads.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>How long a session in jeopardy waits for a master before it is given up; the paper's 45 s.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>By how much this clock and a master's may differ in rate, in millionths: the lease is counted as shorter.</summary>
    public int ClockDriftPpmMax { get; init; } = 10_000;

    /// <summary>How long to wait before the next member is tried.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A member that does not answer the first call within this time is left.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Of a cell in a world of this process; <paramref name="connect"/> is the world's own.</summary>
    public static ChubbyClientOptions InWorld(
        int members, Func<NodeEndPoint, CancellationToken, ValueTask<Stream>> connect, TimeProvider clock) =>
        new()
        {
            Members = members,
            Connect = async (i, cancellation) => ChubbyTransport.Of(
                await connect(new NodeEndPoint(ChubbyNode.NameOf(i + 1), ChubbyNode.CellPortOf(i + 1)), cancellation)),
            Clock = clock,
        };

    /// <summary>Of a cell on sockets.</summary>
    public static ChubbyClientOptions Sockets(IReadOnlyList<IPEndPoint> members, TimeProvider clock) => new()
    {
        Members = members.Count,
        Connect = (i, cancellation) => ChubbyTransport.ConnectAsync(members[i], cancellation),
        Clock = clock,
    };
}
