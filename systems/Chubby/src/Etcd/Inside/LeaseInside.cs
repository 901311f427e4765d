namespace Microcosm.Chubby.Etcd;

/// <summary>A lease by this member's clock.</summary>
/// <param name="Id">In hexadecimal, as etcdctl has it.</param>
/// <param name="LeftS">Seconds; -1 once it has ended here. Only the leader's count.</param>
internal sealed record LeaseInside(string Id, long TtlS, long LeftS, IReadOnlyList<string> Keys);
