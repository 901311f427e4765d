using System.Runtime.CompilerServices;
using Microcosm.Storage;

namespace Microcosm.Consensus;

/// <summary>A node's host of groups. Values out of range throw <see cref="ArgumentOutOfRangeException"/>.</summary>
public sealed record RaftHostOptions
{
    // A message's numbers, its membership, and the heads of its entries.
    private const int FrameOverheadBytesMax = 4 << 20;

    /// <summary>This node's number: its member's in every group.</summary>
    public required long Id { get; init; }

    /// <summary>Names of the nodes that are or may become members, by number, this one too; <see cref="RaftHost.SetPeer"/> adds
    /// others.</summary>
    public required IReadOnlyDictionary<long, string> Nodes { get; init; }

    /// <summary>The port at which the hosts of all nodes talk to each other.</summary>
    public int Port { get; init => field = InRange(value, 1, ushort.MaxValue); } = 7_001;

    /// <summary>Folder on the node's disk; each group has one in it.</summary>
    public string Folder { get; init; } = "raft";

    /// <summary>Times and limits of the groups; the same on all nodes.</summary>
    public RaftOptions Raft { get; init; } = new();

    /// <summary>Time is looked at this often at most: what is due within it goes out together. 1 to 1,000.</summary>
    public int TickMs { get; init => field = InRange(value, 1, 1_000); } = 10;

    /// <summary>A snapshot is taken when so many entries were applied behind the one before.</summary>
    public int SnapshotEntries { get; init => field = InRange(value, 1, int.MaxValue); } = 100_000;

    /// <summary>Or when so many bytes of commands were.</summary>
    public long SnapshotBytes { get; init; } = 64 << 20;

    /// <summary>Entries kept behind a snapshot, for followers that are a little late.</summary>
    public int KeepEntries { get; init => field = InRange(value, 0, int.MaxValue); } = 10_000;

    /// <summary>Most commands of this node, a group, that may be under way; further ones are refused.</summary>
    public int ProposalsMax { get; init => field = InRange(value, 1, int.MaxValue); } = 10_000;

    /// <summary>Most bytes that may wait to be sent to a peer; messages beyond are dropped, which the protocol stands.</summary>
    public int PeerQueueBytesMax { get; init => field = InRange(value, 1, int.MaxValue); } = 64 << 20;

    /// <summary>Sizes of the groups' logs on the disk.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>The last entries of a group that are kept in memory, in bytes; half as many again may gather.</summary>
    public long CacheBytes { get; init; } = 4 << 20;

    /// <summary>Sees what members do; for the simulator.</summary>
    internal IRaftWatch? Watch { get; init; }

    /// <summary>Messages overtake each other, and come twice; for the simulator.</summary>
    internal bool IsDisorderly { get; init; }

    /// <summary>Largest frame that a peer may send, in bytes.</summary>
    internal int FrameBytesMax => FrameOverheadBytesMax
        + Math.Max(Raft.EntryBytesMax + CommandEnvelope.Bytes, Math.Max(Raft.MessageBytesMax, Raft.SnapshotChunkBytes));

    private static int InRange(int value, int min, int max, [CallerMemberName] string? name = null) =>
        value >= min && value <= max ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be between {min} and {max}");
}
