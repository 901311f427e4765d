namespace Microcosm.Kafka;

/// <summary>Which entities DescribeClientQuotas asks for (KIP-546), and its answer.</summary>
internal sealed class QuotaFilter
{
    private const sbyte Exact = 0;
    private const sbyte Default = 1;
    private const sbyte Specified = 2;

    private readonly Dictionary<string, string?> _exact = new(StringComparer.Ordinal);
    private readonly HashSet<string> _any = new(StringComparer.Ordinal);
    private readonly bool _isStrict;

    /// <summary>Throws <see cref="MetadataRefusal"/> in Kafka's words.</summary>
    public QuotaFilter(DescribeClientQuotasRequest request)
    {
        _isStrict = request.Strict;
        foreach (var component in request.Components)
            Add(component);
        if (Has(QuotaNames.Ip) && (Has(QuotaNames.User) || Has(QuotaNames.ClientId)))
        {
            throw Invalid(
                "Invalid entity filter component combination. IP filter component should not be used with user or clientId filter "
                + "component.");
        }
    }

    public static DescribeClientQuotasResponse Describe(ClusterState state, DescribeClientQuotasRequest request)
    {
        try
        {
            var filter = new QuotaFilter(request);
            return new() { Entries = [.. state.ClientQuotas.Select(filter.Entry).OfType<DescribeClientQuotasResponse.EntryData>()] };
        }
        catch (MetadataRefusal refusal)
        {
            return new() { ErrorCode = (short)refusal.Error, ErrorMessage = refusal.Text, Entries = null };
        }
    }

    /// <summary>Whether all that is asked for is there; strict: and nothing else.</summary>
    public bool Matches(IReadOnlyDictionary<string, string?> entity) =>
        (!_isStrict || entity.Count == _exact.Count + _any.Count)
        && _exact.All(e => entity.TryGetValue(e.Key, out var name) && name == e.Value)
        && _any.All(entity.ContainsKey);

    private DescribeClientQuotasResponse.EntryData? Entry(KeyValuePair<string, SortedDictionary<string, double>> quotas)
    {
        var entity = QuotaEntity.Parts(quotas.Key).ToDictionary(p => p.Type, p => p.Name, StringComparer.Ordinal);
        return !Matches(entity) ? null : new()
        {
            Entity = [.. entity.Select(e => new DescribeClientQuotasResponse.EntityData { EntityType = e.Key, EntityName = e.Value })],
            Values = [.. quotas.Value.Select(v => new DescribeClientQuotasResponse.ValueData { Key = v.Key, Value = v.Value })],
        };
    }

    private void Add(DescribeClientQuotasRequest.ComponentData component)
    {
        var type = component.EntityType;
        if (type.Length == 0)
            throw Invalid("Invalid empty entity type.");
        if (Has(type))
            throw Invalid($"Entity type {ShownName.Of(type)} cannot appear more than once in the filter.");
        if (type is not (QuotaNames.User or QuotaNames.ClientId or QuotaNames.Ip))
            throw new MetadataRefusal(KafkaError.UnsupportedVersion, $"Unsupported entity type {ShownName.Of(type)}");
        switch (component.MatchType)
        {
            case Exact when component.Match is null:
                throw Invalid("Request specified MATCH_TYPE_EXACT, but set match string to null.");
            case Default when component.Match is not null:
                throw Invalid("Request specified MATCH_TYPE_DEFAULT, but also specified a match string.");
            case Specified when component.Match is not null:
                throw Invalid("Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.");
            case Exact or Default:
                _exact[type] = component.Match;
                break;
            case Specified:
                _any.Add(type);
                break;
            default:
                throw Invalid($"Unknown match type {component.MatchType}");
        }
    }

    private bool Has(string type) => _exact.ContainsKey(type) || _any.Contains(type);

    private static MetadataRefusal Invalid(string text) => new(KafkaError.InvalidRequest, text);
}
