namespace Microcosm.Chubby.Tests;

/// <summary>A reply: its header and the bytes behind it.</summary>
internal sealed record ZooKeeperReply(int Xid, long Zxid, ZooError Error, byte[] Body);
