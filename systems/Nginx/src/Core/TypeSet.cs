namespace Microcosm.Nginx;

/// <summary>Content types that a filter acts on.</summary>
internal sealed class TypeSet(IEnumerable<string> types)
{
    private readonly HashSet<string> _types = new(types, StringComparer.Ordinal);

    /// <summary>True for every type.</summary>
    public bool IsAll { get; private set; }

    public bool Add(string type)
    {
        if (IsAll)
            return true;
        if (type != "*")
            return _types.Add(Latin1.Lower(type));
        return IsAll = true;
    }

    /// <summary>True for a type, without its parameters, in small letters.</summary>
    public bool Contains(ReadOnlySpan<char> type) => IsAll || _types.GetAlternateLookup<ReadOnlySpan<char>>().Contains(type);
}
