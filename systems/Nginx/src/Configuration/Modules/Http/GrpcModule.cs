namespace Microcosm.Nginx;

/// <summary>grpc_pass.</summary>
internal static class GrpcModule
{
    public static readonly Module Module = new("http_grpc_module", Contexts.Http);

    public static readonly UpstreamSettings Upstream = new(Module, "grpc_");

    public static readonly Setting<ProxyTarget?> Pass = new("grpc_pass", null);

    static GrpcModule() => Module.Custom("grpc_pass", Contexts.Location | Contexts.LocationIf, Arity.One, call =>
    {
        call.Once(Pass);
        var location = call.Level.Location!;
        location.RedirectsToSlash |= location.Name.EndsWith('/');
        var target = Target(call);
        call.Level.Set(Pass, target);
        location.Content = new LocationContent.Grpc(target);
    });

    private static ProxyTarget Target(DirectiveCall call)
    {
        var url = call[1];
        if (ComplexValue.HasVariables(url))
            return new ProxyTarget(url, call.Value(1), true, null, "", "", "", "") { IsGrpc = true };
        var isTls = url.StartsWith("grpcs://", StringComparison.OrdinalIgnoreCase);
        var skip = isTls ? 8 : url.StartsWith("grpc://", StringComparison.OrdinalIgnoreCase) ? 7 : 0;
        var (upstream, parsed) = UpstreamUse.Of(call, url[skip..], new HostUrlRules(0));
        var host = parsed.Addresses is [{ IsUnix: true }] ? "localhost"
            : parsed.HasNoPort ? parsed.Host : $"{parsed.Host}:{parsed.PortText}";
        return new ProxyTarget(url, null, isTls, upstream, host, parsed.PortText, "", "") { IsGrpc = true };
    }
}
