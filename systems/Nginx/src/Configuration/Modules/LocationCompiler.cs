namespace Microcosm.Nginx;

/// <summary>Makes locations of what was read, from the innermost out.</summary>
internal static class LocationCompiler
{
    /// <summary>Refuses a second location of one kind and name on a level.</summary>
    public static void CheckDuplicates(LocationDraft outer)
    {
        var seen = new HashSet<(string Name, LocationKind Kind)>();
        foreach (var location in outer.Inner)
        {
            CheckDuplicates(location);
            var kind = location.Kind == LocationKind.PrefixNoPatterns ? LocationKind.Prefix : location.Kind;
            if (kind is LocationKind.Prefix or LocationKind.Exact && !seen.Add((location.Name, kind)))
                throw ConfigurationException.Unplaced($"duplicate location \"{location.Name}\" in {location.Place}");
        }
    }

    public static HttpLocation Make(LocationDraft draft)
    {
        foreach (var inner in draft.Inner)
            Make(inner);
        draft.Content ??= InheritedContent(draft);
        var tree = draft.Inner.Count == 0 ? LocationTree.Empty : new LocationTree(draft.Inner);
        // An if's steps run as the outer program's.
        var program = draft.Steps.Count == 0 || draft.Kind == LocationKind.If ? null : new RewriteProgram([.. draft.Steps]);
        return draft.Made = new HttpLocation(draft, tree, program);
    }

    // limit_except takes a proxy_pass from the location around; an if without content leaves the one chosen before it.
    private static LocationContent? InheritedContent(LocationDraft draft) =>
        draft.Kind == LocationKind.LimitExcept && draft.Outer?.Content is (LocationContent.Proxy or LocationContent.Grpc)
            ? draft.Outer.Content : null;
}
