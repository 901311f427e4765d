using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>proxy_store</c>: a response becomes a file of this server (ngx_http_upstream_store).</summary>
internal sealed class StoreWriter : ResponseWriter
{
    private readonly HttpRequest _request;
    private readonly byte[] _path;
    private readonly int _access;
    private readonly long? _modified;

    private StoreWriter(HttpRequest request, byte[] path, int access, long? modified, TempFile file)
        : base(file) => (_request, _path, _access, _modified) = (request, path, access, modified);

    /// <summary>Null where the response is not to be stored, or cannot be, which is logged.</summary>
    public static StoreWriter? TryBegin(HttpRequest request, ProxySettings settings, UpstreamExchange upstream)
    {
        if (!settings.Stores || settings.Level.Get(ProxyModule.Store) is not { } store || upstream.Status != 200
            || request.Method == HttpMethod.Head)
            return null;
        var path = store.Path is { } value ? value.Evaluate(request.Values).ToArray() : FilePath.Of(request);
        if (path.Length == 0)
            return null;
        try
        {
            var file = request.Worker.TempFiles.Create(settings.TempFolder);
            return new StoreWriter(request, path, settings.Level.Get(ProxyModule.StoreAccess),
                Conditions.Seconds(upstream.ResponseHeaders[KnownHeader.LastModified]), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            request.LogError(LogLevel.Crit, $"a response cannot be stored: {e.Message}");
            return null;
        }
    }

    public override void Keep()
    {
        IsOver = true;
        var file = Encoding.UTF8.GetBytes(File.Path);
        FileChanges.SetAccess(file, _access);
        if (_modified is { } seconds)
            FileChanges.SetTime(file, seconds);
        if (DavContent.TryRename(_request, file, _path, _access, makesFolders: true))
            File.Forget();
    }

    public override void Drop() => IsOver = true;
}
