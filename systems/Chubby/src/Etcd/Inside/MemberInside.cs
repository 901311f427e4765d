namespace Microcosm.Chubby.Etcd;

/// <summary>A member as the cluster knows it.</summary>
/// <param name="Id">In hexadecimal, as etcdctl has it.</param>
/// <param name="Name">Empty until it has come up.</param>
internal sealed record MemberInside(string Id, string Name, IReadOnlyList<string> PeerUrls, IReadOnlyList<string> ClientUrls);
