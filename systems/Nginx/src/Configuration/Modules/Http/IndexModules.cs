using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>What answers for folders: index, autoindex, random_index.</summary>
internal static class IndexModules
{
    public static readonly Module IndexModule = new("http_index_module", Contexts.Http);
    public static readonly Module AutoIndexModule = new("http_autoindex_module", Contexts.Http);
    public static readonly Module RandomIndexModule = new("http_random_index_module", Contexts.Http);

    /// <summary>Names to try; one that begins with a slash is a path of its own.</summary>
    public static readonly Setting<IReadOnlyList<ComplexValue>> Index = new("index", [ComplexValue.OfLiteral("index.html")]);

    public static readonly Setting<bool> AutoIndex = AutoIndexModule.Flag("autoindex", All);
    public static readonly Setting<AutoIndexFormat> AutoIndexFormat =
        AutoIndexModule.Choice("autoindex_format", All, Nginx.AutoIndexFormat.Html, "html", "json", "jsonp", "xml");
    public static readonly Setting<bool> AutoIndexLocalTime = AutoIndexModule.Flag("autoindex_localtime", All);
    public static readonly Setting<bool> AutoIndexExactSize = AutoIndexModule.Flag("autoindex_exact_size", All, true);
    public static readonly Setting<bool> RandomIndex = RandomIndexModule.Flag("random_index", Contexts.Location);

    static IndexModules() => IndexModule.Custom("index", All, Arity.OneOrMore, call =>
    {
        for (var i = 1; i <= call.Count; i++)
        {
            if (call[i].StartsWith('/') && i != call.Count)
                call.Warn("only the last index in \"index\" directive should be absolute");
            if (call[i].Length == 0)
                throw call.Error($"index \"{call[i]}\" in \"index\" directive is invalid");
            call.Level.Add(Index, call.Value(i));
        }
    });
}
