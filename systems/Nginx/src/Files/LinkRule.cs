namespace Microcosm.Nginx;

/// <summary>What is refused of symbolic links in a path, and from which of its bytes on.</summary>
internal readonly record struct LinkRule(SymlinkCheck Check, int From)
{
    /// <summary>The rule for a path (ngx_http_set_disable_symlinks).</summary>
    public static LinkRule Of(HttpRequest request, ReadOnlySpan<byte> path)
    {
        var setting = request.Level.Get(HttpCoreModule.DisableSymlinks);
        if (setting.Check == SymlinkCheck.Off)
            return default;
        var from = setting.From is { } value ? value.Evaluate(request.Values).Span : default;
        if (from.IsEmpty || !path.StartsWith(from))
            return new LinkRule(setting.Check, 0);
        if (from.Length == path.Length)
            return default;
        // A prefix that ends within a name begins with that name.
        return new LinkRule(setting.Check, path[from.Length] == '/' ? from.Length : Math.Max(0, from.LastIndexOf((byte)'/')));
    }
}
