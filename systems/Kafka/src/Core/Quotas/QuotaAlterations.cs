using System.Net;

namespace Microcosm.Kafka;

/// <summary>
/// What AlterClientQuotas asks for (KIP-546): one command for each entity that is well given, and a refusal in Kafka's words for each that
/// is not. What is wrong with one entity does not stop the others.
/// </summary>
internal static class QuotaAlterations
{
    /// <summary>In the order of the request, each entity once.</summary>
    public static IReadOnlyList<QuotaAlteration> Of(AlterClientQuotasRequest request)
    {
        var alterations = new OrderedDictionary<string, QuotaAlteration>(StringComparer.Ordinal);
        foreach (var entry in request.Entries)
        {
            // Of a type that is named twice the last name counts.
            var entity = new SortedDictionary<string, string?>(StringComparer.Ordinal);
            foreach (var part in entry.Entity)
                entity[part.EntityType] = part.EntityName;
            var key = QuotaEntity.Key(entity.Select(e => (e.Key, e.Value)));
            var isTwice = alterations.TryGetValue(key, out var before)
                || entry.Ops.CountBy(o => o.Key, StringComparer.Ordinal).Any(c => c.Value > 1);
            // The first of two is done all the same, though the answer is a refusal.
            alterations[key] = isTwice
                ? new(entry, before?.Command, Invalid($"Ignoring duplicate entity {Text(entity)}"))
                : Alter(key, entity, entry);
        }
        return [.. alterations.Values];
    }

    private static QuotaAlteration Alter(
        string key, SortedDictionary<string, string?> entity, AlterClientQuotasRequest.EntryData entry)
    {
        if ((CheckEntity(entity) ?? entry.Ops.Where(o => !o.Remove).Select(o => CheckQuota(entity, o.Key, o.Value))
            .FirstOrDefault(e => e is not null)) is { } error)
            return new(entry, null, Invalid(error));
        // To remove what cannot be there is no error.
        (string, double?)[] quotas =
        [
            .. entry.Ops.Where(o => !o.Remove || IsQuota(o.Key)).Select(o => (o.Key, o.Remove ? (double?)null : o.Value)),
        ];
        return new(entry, quotas.Length == 0 ? null : new AlterClientQuotas(key, quotas), MetadataResult.Done);
    }

    private static string? CheckEntity(SortedDictionary<string, string?> entity)
    {
        if (entity.Count == 0)
            return "Invalid empty client quota entity";
        foreach (var (type, name) in entity)
        {
            if (type is not (QuotaNames.User or QuotaNames.ClientId or QuotaNames.Ip))
                return $"Unhandled client quota entity type: {ShownName.Of(type)}";
            if (name is "")
                return $"Empty {type} not supported";
            // It stands between the parts of an entity where quotas are kept.
            if (name?.Contains('\u0001') == true)
                return $"A {type} with the character U+0001 is not supported";
        }
        if (!entity.TryGetValue(QuotaNames.Ip, out var ip))
            return null;
        // The missing space is Kafka's.
        if (entity.Count > 1)
            return "Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId";
        return ip is null || IPAddress.TryParse(ip, out _) ? null : $"{ShownName.Of(ip)} is not a valid IP or resolvable host.";
    }

    private static string? CheckQuota(SortedDictionary<string, string?> entity, string quota, double value)
    {
        var isIp = entity.ContainsKey(QuotaNames.Ip);
        if (!IsQuota(quota) || isIp != (quota == QuotaNames.ConnectionCreationRate))
            return $"Invalid configuration key {ShownName.Of(quota)}";
        if (value is not > 0.0)
            return $"Quota {quota} must be greater than 0";
        if (quota == QuotaNames.ConnectionCreationRate && value > int.MaxValue)
            return $"Proposed value for {quota} is too large for an INT.";
        var isBytes = quota == QuotaNames.Of(ClientQuotaType.Produce) || quota == QuotaNames.Of(ClientQuotaType.Fetch);
        if (isBytes && value > long.MaxValue)
            return $"Proposed value for {quota} is too large for a LONG.";
        return (isIp || isBytes) && Math.Abs(value % 1.0) > 1e-6 ? $"{quota} cannot be a fractional value." : null;
    }

    private static bool IsQuota(string name) =>
        name == QuotaNames.ConnectionCreationRate || Enum.GetValues<ClientQuotaType>().Any(t => QuotaNames.Of(t) == name);

    private static string Text(SortedDictionary<string, string?> entity) =>
        $"ClientQuotaEntity(entries={{{string.Join(", ", entity.Select(e => $"{ShownName.Of(e.Key)}={ShownName.Of(e.Value)}"))}}})";

    private static MetadataResult Invalid(string text) => new(KafkaError.InvalidRequest, text);
}
