using System.Net;

namespace Microcosm.Chubby;

/// <summary>ACLs: who may do what. The same on every member, since changes are judged by it.</summary>
/// <param name="skipAcl"><c>zookeeper.skipACL</c>: everybody may do everything.</param>
/// <param name="enforceQuota"><c>zookeeper.enforceQuota</c>: hard limits of quotas are kept.</param>
internal sealed class AccessRules(bool skipAcl = false, bool enforceQuota = false)
{
    public bool EnforcesQuotas { get; } = enforceQuota;

    public bool MayDo(Permissions permission, AclEntry[] acl, Identity[] identities)
    {
        if (skipAcl || acl.Length == 0 || ReferenceEquals(acl, AclEntry.Open))
            return true;
        foreach (var identity in identities)
        {
            if (identity.Scheme == "super")
                return true;
        }
        foreach (var entry in acl)
        {
            if ((entry.Permissions & permission) == 0)
                continue;
            if (entry is { Scheme: "world", Id: "anyone" })
                return true;
            foreach (var identity in identities)
            {
                if (identity.Scheme == entry.Scheme && (entry.Scheme == "ip" ? IsInside(identity.Id, entry.Id) : identity.Id == entry.Id))
                    return true;
            }
        }
        return false;
    }

    /// <summary>
    /// The ACL as it is kept: <c>auth</c> becomes who the connection is; duplicates go. Null where it is empty or an entry is none.
    /// </summary>
    public AclEntry[]? Fix(AclEntry[] acl, Identity[] identities)
    {
        var kept = new List<AclEntry>();
        foreach (var entry in acl.Distinct())
        {
            switch (entry.Scheme)
            {
                case "world" when entry.Id == "anyone":
                    kept.Add(entry);
                    break;
                case "auth":
                    var own = identities.Where(i => i.Scheme is not ("ip" or "world" or "super")).ToArray();
                    if (own.Length == 0)
                        return null;
                    kept.AddRange(own.Select(i => new AclEntry(entry.Permissions, i.Scheme, i.Id)));
                    break;
                case "sasl":
                case "digest" when entry.Id.Split(':').Length == 2:
                case "ip" when TryRange(entry.Id, out _, out _):
                    kept.Add(entry);
                    break;
                default:
                    return null;
            }
        }
        return kept.Count == 0 ? null : AclEntry.Shared([.. kept]);
    }

    private static bool IsInside(string address, string range)
    {
        if (!TryRange(range, out var network, out var bits) || !IPAddress.TryParse(address, out var parsed))
            return false;
        var (a, b) = (parsed.GetAddressBytes(), network.GetAddressBytes());
        if (a.Length != b.Length)
            return false;
        for (var i = 0; i < bits; i++)
        {
            if (((a[i / 8] ^ b[i / 8]) & (0x80 >> (i % 8))) != 0)
                return false;
        }
        return true;
    }

    private static bool TryRange(string text, out IPAddress network, out int bits)
    {
        var slash = text.IndexOf('/');
        bits = 0;
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out network!))
            return false;
        var most = network.GetAddressBytes().Length * 8;
        bits = most;
        return slash < 0 || (int.TryParse(text.AsSpan(slash + 1), out bits) && bits >= 0 && bits <= most);
    }
}
