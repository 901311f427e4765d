namespace Microcosm.Nginx;

/// <summary>Where a request's path lies among the files: <c>root</c> with the path behind it, or <c>alias</c> in the place of the
/// location's name (ngx_http_map_uri_to_path).</summary>
internal static class FilePath
{
    public static byte[] Of(HttpRequest request) => Of(request, request.Uri);

    /// <summary>The same for another path.</summary>
    public static byte[] Of(HttpRequest request, ReadOnlySpan<byte> uri)
    {
        var root = request.Level.Get(HttpCoreModule.Root);
        var prefix = request.Worker.Paths.Prefix;
        if (root is null)
            return [.. Latin1.Bytes(prefix), .. "html"u8, .. uri];
        var path = FromPrefix(prefix, root.Path.Evaluate(request.Values).Span);
        if (!root.IsAlias)
            return [.. path.AsSpan().TrimEnd((byte)'/'), .. uri];
        if (root.Replaced is not { } name)
            return request.AddsUriToAlias ? [.. path, .. uri] : path;
        return uri.StartsWith(name) ? [.. path, .. uri[name.Length..]] : [.. path, .. uri];
    }

    /// <summary>The folder alone: <c>$document_root</c>.</summary>
    public static byte[] Root(HttpRequest request)
    {
        var root = request.Level.Get(HttpCoreModule.Root);
        return root is null ? Latin1.Bytes(request.Worker.Paths.Prefix + "html")
            : FromPrefix(request.Worker.Paths.Prefix, root.Path.Evaluate(request.Values).Span);
    }

    private static byte[] FromPrefix(string prefix, ReadOnlySpan<byte> path) =>
        path is [(byte)'/', ..] ? path.ToArray() : [.. Latin1.Bytes(prefix), .. path];
}
