namespace Microcosm.Nginx;

/// <summary>What a <c>listen</c> directive names: the same address may take connections and datagrams.</summary>
internal readonly record struct ListenPoint(Address Address, bool IsUdp = false);
