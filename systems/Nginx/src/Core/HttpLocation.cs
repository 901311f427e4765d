namespace Microcosm.Nginx;

/// <summary>A finished location: what a request that chose it is served by.</summary>
internal sealed class HttpLocation(LocationDraft draft, LocationTree tree, RewriteProgram? program)
{
    /// <summary>As the configuration names it; a pattern's source.</summary>
    public string Name { get; } = draft.Name;

    public LocationKind Kind { get; } = draft.Kind;

    /// <summary>What was served by it, in a world.</summary>
    public RequestCounter Counter { get; } = new();

    public VariablePattern? Pattern { get; } = draft.Pattern;

    /// <summary>Settings that hold in it.</summary>
    public Level Level { get; } = draft.Level;

    /// <summary>What answers instead of files; an <c>if</c> without its own leaves the outer one standing.</summary>
    public LocationContent? Content { get; } = draft.Content;

    public bool RedirectsToSlash { get; } = draft.RedirectsToSlash;

    /// <summary>Locations nested in it.</summary>
    public LocationTree Tree { get; } = tree;

    /// <summary>Directives of the rewrite module; null for none.</summary>
    public RewriteProgram? Rewrite { get; } = program;

    /// <summary>Methods that <c>limit_except</c> lets pass; null for all.</summary>
    public IReadOnlyList<string>? ExceptMethods { get; } = draft.ExceptMethods;

    /// <summary>The block for the other methods.</summary>
    public HttpLocation? LimitExcept { get; } = draft.Inner.Find(l => l.Kind == LocationKind.LimitExcept)?.Made;
}
