namespace Microcosm.Kafka;

/// <summary>The ACLs of one type of resource, found by name, then by principal.</summary>
internal sealed class AclIndex
{
    private readonly Dictionary<string, Dictionary<string, List<AclBinding>>> _literal = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, List<AclBinding>>> _prefixed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<AclBinding>> _byPrincipal = new(StringComparer.Ordinal);
    private readonly SortedSet<int> _prefixLengths = [];

    public void Add(AclBinding acl)
    {
        var isPrefixed = acl.PatternType == (byte)PatternType.Prefixed;
        var names = isPrefixed ? _prefixed : _literal;
        if (!names.TryGetValue(acl.ResourceName, out var principals))
            principals = names[acl.ResourceName] = new(StringComparer.Ordinal);
        if (isPrefixed)
            _prefixLengths.Add(acl.ResourceName.Length);
        Add(principals, acl);
        Add(_byPrincipal, acl);
    }

    /// <summary>For each pattern that covers the resource: its ACLs by principal.</summary>
    public IEnumerable<Dictionary<string, List<AclBinding>>> Covering(string name)
    {
        if (_literal.TryGetValue(name, out var exact))
            yield return exact;
        if (_literal.TryGetValue(AclResources.Wildcard, out var all))
            yield return all;
        foreach (var length in _prefixLengths)
        {
            if (length > name.Length)
                break;
            if (_prefixed.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name.AsSpan(0, length), out var covering))
                yield return covering;
        }
    }

    public IReadOnlyList<AclBinding> Of(string principal) => _byPrincipal.GetValueOrDefault(principal) ?? [];

    private static void Add(Dictionary<string, List<AclBinding>> principals, AclBinding acl)
    {
        if (!principals.TryGetValue(acl.Principal, out var acls))
            acls = principals[acl.Principal] = [];
        acls.Add(acl);
    }
}
