using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Which quota applies to whom. Invariant: the first that is set of user and client id, user and default client id, user, default user and
/// client id, default user and default client id, default user, client id, default client id (KIP-55).
/// </summary>
/// <param name="state">Whose quotas count; <see cref="Follow"/> must hear of its changes.</param>
internal sealed class QuotaTable(ClusterState state)
{
    // Of an entity's parts, "" stands for one that it does not have and null for the default: no part has an empty name.
    private readonly Dictionary<(ClientQuotaType Type, string? User, string? ClientId), double> _limits = [];
    private readonly Dictionary<string, double> _byIp = new(StringComparer.Ordinal);
    private double? _anyIp;
    private bool _isStale = true;

    /// <summary>To be told every change of the metadata, in its turn.</summary>
    public void Follow(MetadataChange change) => _isStale |= change.HasSecurity || change.IsEverything;

    /// <summary>The quota, and who shares it: "" for a part that does not count. Null if there is none.</summary>
    public (string User, string ClientId, double Limit)? Find(ClientQuotaType type, string user, string clientId)
    {
        Refresh();
        if (_limits.Count == 0)
            return null;
        // Whose quota it is decides who shares it. Kafka looks for the limit only then, so that without a client id a default client's
        // quota leads to the user's.
        var (owner, client) = Owner(type, user, clientId);
        double? limit = (owner.Length > 0, client.Length > 0) switch
        {
            (true, true) => Limit(type, owner, client) ?? Limit(type, owner, null) ?? Limit(type, null, client) ?? Limit(type, null, null),
            (true, false) => Limit(type, owner, "") ?? Limit(type, null, ""),
            (false, true) => Limit(type, "", client) ?? Limit(type, "", null),
            _ => null,
        };
        return limit is { } found ? (owner, client, found) : null;
    }

    /// <summary>Connections a second from this address; null if there is no limit (KIP-612).</summary>
    public double? FindIp(string ip)
    {
        Refresh();
        return _byIp.TryGetValue(ip, out var own) ? own : _anyIp;
    }

    private (string User, string ClientId) Owner(ClientQuotaType type, string user, string clientId)
    {
        if (Has(user, clientId) || Has(user, null))
            return (user, clientId);
        if (Has(user, ""))
            return (user, "");
        if (Has(null, clientId) || Has(null, null))
            return (user, clientId);
        return Has(null, "") && !Bug.IsPlanted("kafka/default-user-quota-ignored") ? (user, "") : ("", clientId);

        bool Has(string? owner, string? client) => _limits.ContainsKey((type, owner, client));
    }

    private double? Limit(ClientQuotaType type, string? user, string? clientId) =>
        _limits.TryGetValue((type, user, clientId), out var limit) ? limit : null;

    private void Refresh()
    {
        if (!_isStale)
            return;
        _isStale = false;
        _limits.Clear();
        _byIp.Clear();
        _anyIp = null;
        foreach (var (key, quotas) in state.ClientQuotas)
        {
            var parts = QuotaEntity.Parts(key).ToDictionary(p => p.Type, p => p.Name, StringComparer.Ordinal);
            if (parts.TryGetValue(QuotaNames.Ip, out var ip))
                SetIp(ip, quotas);
            else
                Set(parts.GetValueOrDefault(QuotaNames.User, ""), parts.GetValueOrDefault(QuotaNames.ClientId, ""), quotas);
        }
    }

    private void Set(string? user, string? clientId, SortedDictionary<string, double> quotas)
    {
        foreach (var type in Enum.GetValues<ClientQuotaType>())
        {
            if (quotas.TryGetValue(QuotaNames.Of(type), out var limit))
                _limits[(type, user, clientId)] = limit;
        }
    }

    private void SetIp(string? ip, SortedDictionary<string, double> quotas)
    {
        if (!quotas.TryGetValue(QuotaNames.ConnectionCreationRate, out var limit))
            return;
        if (ip is null)
            _anyIp = limit;
        else
            _byIp[IPAddress.TryParse(ip, out var address) ? address.ToString() : ip] = limit;
    }
}
