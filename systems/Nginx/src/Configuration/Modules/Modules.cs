namespace Microcosm.Nginx;

/// <summary>Every module, in nginx' order.</summary>
internal static class Modules
{
    public static IReadOnlyList<Module> All { get; } =
    [
        CoreModule.Module, EventsModule.Module, HttpBlockModule.Module, HttpCoreModule.Module, LogModule.Http.Module,
        UpstreamModule.Http.Module, HealthCheckModule.Http.Module, Http2Module.Module, IndexModules.AutoIndexModule,
        IndexModules.IndexModule, IndexModules.RandomIndexModule,
        ContentModules.DavModule, ContentModules.StubStatusModule, ContentModules.EmptyGifModule,
        ContentModules.TryFilesModule, ContentModules.SecureLinkModule, AuthModules.BasicModule, AuthModules.RequestModule,
        AccessModule.Http.Module, LimitConnModule.Http.Module, LimitReqModule.Module, RealIpModule.Http.Module, GeoModule.Http.Module,
        MapModule.Http.Module, SplitClientsModule.Http.Module, RefererModule.Module, RewriteModule.Module, TlsModule.Http.Module,
        ProxyModule.Module, ProxyCacheModule.Module, ProxyRewriteModule.Module, GrpcModule.Module, BrowserModule.Module,
        BrotliModules.FilterModule, BrotliModules.StaticModule, GzipModules.GzipModule, GzipModules.GzipStaticModule,
        GzipModules.GunzipModule, SsiModule.Module, CharsetModule.Module,
        FilterModules.SubModule, FilterModules.AdditionModule, FilterModules.SliceModule, FilterModules.MirrorModule, UserIdModule.Module,
        HeadersModule.Module,
        StreamCoreModule.Module, LogModule.Stream.Module, StreamProxyModule.Module, UpstreamModule.Stream.Module,
        HealthCheckModule.Stream.Module,
        AccessModule.Stream.Module, LimitConnModule.Stream.Module, RealIpModule.Stream.Module, GeoModule.Stream.Module,
        MapModule.Stream.Module, SplitClientsModule.Stream.Module, TlsModule.Stream.Module,
    ];
}
