namespace Microcosm.Nginx;

/// <summary>A location (or an <c>if</c>, or a <c>limit_except</c>) while it is read.</summary>
internal sealed class LocationDraft(LocationDraft? outer, string name, LocationKind kind, Level level)
{
    public LocationDraft? Outer { get; } = outer;

    public string Name { get; } = name;

    public LocationKind Kind { get; } = kind;

    public Level Level { get; } = level;

    public VariablePattern? Pattern { get; init; }

    /// <summary>Where the block begins.</summary>
    public string Place { get; init; } = "";

    /// <summary>Inside it, in the order of the file.</summary>
    public List<LocationDraft> Inner { get; } = [];

    /// <summary>What answers its requests; the last directive of that kind counts.</summary>
    public LocationContent? Content { get; set; }

    /// <summary>A request for the name without its last slash is redirected to the name.</summary>
    public bool RedirectsToSlash { get; set; }

    /// <summary>Methods that <c>limit_except</c> lets pass, and the block for the others.</summary>
    public IReadOnlyList<string>? ExceptMethods { get; set; }

    /// <summary>Steps of the rewrite module; an <c>if</c>'s are those of the location around.</summary>
    public List<RewriteStep> Steps { get; } = [];

    /// <summary>The finished location, once it is made.</summary>
    public HttpLocation? Made { get; set; }

    /// <summary>True for a block that has no name of its own.</summary>
    public bool IsNameless => Kind is LocationKind.If or LocationKind.LimitExcept;
}
