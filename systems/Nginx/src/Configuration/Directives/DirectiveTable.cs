using System.Collections.Frozen;

namespace Microcosm.Nginx;

/// <summary>All directives of all modules, by name.</summary>
internal static class DirectiveTable
{
    private static readonly FrozenDictionary<string, Directive[]> s_byName = Modules.All
        .SelectMany(m => m.Directives)
        .GroupBy(d => d.Name, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    public static IEnumerable<Directive> All => Modules.All.SelectMany(m => m.Directives);

    /// <summary>The directive of that name for that place. Throws when there is none, or none there.</summary>
    public static Directive Find(string name, Contexts context)
    {
        if (!s_byName.TryGetValue(name, out var candidates))
            throw new ConfigurationException($"unknown directive \"{name}\"") { Unserved = name };
        foreach (var directive in candidates)
        {
            if ((directive.Contexts & context) != 0)
                return directive;
        }
        throw new ConfigurationException($"\"{name}\" directive is not allowed here");
    }
}
