namespace Microcosm.Chubby;

/// <summary>What clients are told of a node beside its data. Times in Unix milliseconds; the owner is that of an
/// ephemeral alone: containers and TTLs are not told.</summary>
internal readonly record struct NodeStat(
    long Czxid, long Mzxid, long CtimeMs, long MtimeMs, int Version, int Cversion, int Aversion, long EphemeralOwner, int DataLength,
    int NumChildren, long Pzxid);
