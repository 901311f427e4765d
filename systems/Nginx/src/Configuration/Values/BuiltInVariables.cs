using System.Collections.Frozen;

namespace Microcosm.Nginx;

/// <summary>The variables that the modules of a part declare, and families of them; the same for every configuration.</summary>
internal sealed class BuiltInVariables
{
    private readonly IReadOnlyList<BuiltInVariable> _all;
    private readonly FrozenDictionary<string, VariableOrigin> _byName;
    private readonly (string Prefix, int Id, VariableFlags Flags)[] _families;

    public BuiltInVariables(IReadOnlyList<BuiltInVariable> all)
    {
        _all = all;
        _byName = all.Index()
            .Where(v => (v.Item.Flags & VariableFlags.Prefix) == 0)
            .ToFrozenDictionary(
                v => v.Item.Name,
                VariableOrigin (v) => new VariableOrigin.BuiltIn(v.Item.Name, v.Index, v.Item.Flags),
                StringComparer.Ordinal);
        _families = [.. all.Index()
            .Where(v => (v.Item.Flags & VariableFlags.Prefix) != 0)
            .Select(v => (v.Item.Name, v.Index, v.Item.Flags))
            .OrderByDescending(f => f.Name.Length)];
    }

    public int Count => _all.Count;

    /// <summary>By id.</summary>
    public BuiltInVariable this[int id] => _all[id];

    /// <summary>The variable of that name in small letters, or null.</summary>
    public VariableOrigin? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The member of a family, the one with the longest prefix; or null.</summary>
    public VariableOrigin? FamilyOf(string name)
    {
        foreach (var (prefix, id, flags) in _families)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                return new VariableOrigin.Family(prefix, id, Latin1.Bytes(name[prefix.Length..]), flags);
        }
        return null;
    }
}
