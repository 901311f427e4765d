using System.Net;

namespace Microcosm.Nginx;

/// <summary>One <c>allow</c> or <c>deny</c>: a network, everybody, or who comes over a unix socket.</summary>
internal sealed record AccessRule(Cidr? Network, bool IsAll, bool IsUnix, bool IsDeny)
{
    /// <summary>Null if no rule fits; otherwise whether the client is denied. A null address is a unix socket's.</summary>
    public static bool? IsDenied(IReadOnlyList<AccessRule> rules, IPAddress? client)
    {
        foreach (var rule in rules)
        {
            if (rule.IsAll || (client is null ? rule.IsUnix : rule.Network?.Contains(client) == true))
                return rule.IsDeny;
        }
        return null;
    }
}
