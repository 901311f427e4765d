using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>Small modules that answer or guard: try_files, stub_status, empty_gif, secure_link, dav.</summary>
internal static class ContentModules
{
    public static readonly Module TryFilesModule = new("http_try_files_module", Contexts.Http);
    public static readonly Module StubStatusModule = new("http_stub_status_module", Contexts.Http);
    public static readonly Module EmptyGifModule = new("http_empty_gif_module", Contexts.Http);
    public static readonly Module SecureLinkModule = new("http_secure_link_module", Contexts.Http);
    public static readonly Module DavModule = new("http_dav_module", Contexts.Http);

    public static readonly Setting<TryFiles?> TryFiles = new("try_files", null);

    public static readonly Setting<ComplexValue?> SecureLink = SecureLinkModule.Value("secure_link", All);
    public static readonly Setting<ComplexValue?> SecureLinkMd5 = SecureLinkModule.Value("secure_link_md5", All);
    public static readonly Setting<string?> SecureLinkSecret = SecureLinkModule.Text("secure_link_secret", All);

    /// <summary>Bits: off, put, delete, mkcol, copy, move.</summary>
    public static readonly Setting<long> DavMethods =
        DavModule.Mask("dav_methods", All, Arity.OneOrMore, 1, "off", "put", "delete", "mkcol", "copy", "move");

    public static readonly Setting<bool> CreateFullPutPath = DavModule.Flag("create_full_put_path", All);
    public static readonly Setting<long> MinDeleteDepth = DavModule.Number("min_delete_depth", All);
    public static readonly Setting<int> DavAccess = AccessDirective.Declare(DavModule, "dav_access");

    static ContentModules()
    {
        TryFilesModule.Custom("try_files", Contexts.Server | Contexts.Location, Arity.TwoOrMore, ReadTryFiles);
        StubStatusModule.Custom("stub_status", Contexts.Server | Contexts.Location, Arity.UpToOne,
            call => call.Level.Location!.Content = new LocationContent.StubStatus());
        EmptyGifModule.Custom("empty_gif", Contexts.Location, Arity.None,
            call => call.Level.Location!.Content = new LocationContent.EmptyGif());
    }

    private static void ReadTryFiles(DirectiveCall call)
    {
        call.Once(TryFiles);
        var paths = new List<(ComplexValue Path, bool IsFolder)>();
        for (var i = 1; i < call.Count; i++)
        {
            var isFolder = call[i].EndsWith('/');
            paths.Add((ComplexValue.Compile(isFolder ? call[i][..^1] : call[i], call.Variables), isFolder));
        }
        var (last, code) = (call[call.Count], 0);
        var fallback = call.Value(call.Count);
        if (last.StartsWith('='))
            code = Measures.Number(last.AsSpan(1)) is { } number and <= 999 ? (int)number : throw call.Error($"invalid code \"{last}\"");
        call.Level.Set(TryFiles, new TryFiles(paths, last.StartsWith('=') ? null : fallback, code));
    }
}
