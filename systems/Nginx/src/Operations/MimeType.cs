namespace Microcosm.Nginx;

/// <summary>The content type of a path by <c>types</c> and <c>default_type</c>.</summary>
internal static class MimeType
{
    public static byte[]? Of(HttpRequest request)
    {
        var types = request.Level.Get(HttpCoreModule.Types) ?? MimeTypes.Default;
        var type = types.Find(request.Uri) ?? request.Level.Get(HttpCoreModule.DefaultType);
        return string.IsNullOrEmpty(type) ? null : Latin1.Bytes(type);
    }
}
