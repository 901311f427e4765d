namespace Microcosm.Chubby.Etcd;

/// <summary>A watch of a client of this member, or of one that stands in line for a lock or an election.</summary>
/// <param name="End">First key behind the range; empty for one key, a zero byte for all that follow.</param>
/// <param name="NextRevision">The first that it has not been told of.</param>
/// <param name="IsSynced">False while it catches up.</param>
internal sealed record WatchInside(string Key, string End, long NextRevision, bool IsSynced);
