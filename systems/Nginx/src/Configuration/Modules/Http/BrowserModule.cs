using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>Old and new browsers by their User-Agent.</summary>
internal static class BrowserModule
{
    private static readonly string[] Known = ["opera", "safari", "konqueror", "gecko", "msie"];

    public static readonly Module Module = new("http_browser_module", Contexts.Http);

    /// <summary>Browsers that are modern from a version on; <c>unlisted</c> for all that no other line names.</summary>
    public static readonly Setting<IReadOnlyList<(string Name, long Version)>> ModernBrowser = new("modern_browser", []);

    public static readonly Setting<IReadOnlyList<string>> AncientBrowser = new("ancient_browser", []);
    public static readonly Setting<string?> ModernBrowserValue = Module.Text("modern_browser_value", All, "1");
    public static readonly Setting<string?> AncientBrowserValue = Module.Text("ancient_browser_value", All, "1");

    static BrowserModule()
    {
        Module.Custom("ancient_browser", All, Arity.OneOrMore, call =>
        {
            foreach (var word in call.Arguments)
                call.Level.Add(AncientBrowser, word);
        });
        Module.Custom("modern_browser", All, Arity.OneOrTwo, ReadModern);
    }

    private static void ReadModern(DirectiveCall call)
    {
        if (call.Count == 1)
        {
            if (call[1] != "unlisted")
                throw call.InvalidParameter(call[1]);
            call.Level.Add(ModernBrowser, ("unlisted", 0));
            return;
        }
        var name = Array.Find(Known, b => Latin1.EqualsIgnoreCase(b, call[1])) ?? throw call.Error($"unknown browser name \"{call[1]}\"");
        var (version, scale) = (0L, 1_000_000L);
        foreach (var part in call[2].Split('.'))
        {
            if (part.Length > 0 && Measures.Number(part) is null)
                throw call.Error($"invalid browser version \"{call[2]}\"");
            version += (Measures.Number(part) ?? 0) * scale;
            scale /= 100;
        }
        call.Level.Add(ModernBrowser, (name, version));
    }
}
