using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>nginx' settings as the engine of HTTP takes them.</summary>
internal static class ConnectionOptions
{
    /// <summary>How requests are read and connections kept.</summary>
    public static readonly Derived<HttpServerOptions> Http1 = new(Of);

    private static HttpServerOptions Of(Level level)
    {
        var buffers = level.Get(HttpCoreModule.LargeClientHeaderBuffers);
        var keepAlive = level.Get(HttpCoreModule.KeepAliveTimeout);
        return new HttpServerOptions
        {
            HeadLimits = new HeadLimits((int)level.Get(HttpCoreModule.ClientHeaderBufferSize), (int)buffers.Count, (int)buffers.Size,
                (int)level.Get(HttpCoreModule.MaxHeaders)),
            UnderscoresInHeaders = level.Get(HttpCoreModule.UnderscoresInHeaders),
            IgnoreInvalidHeaders = level.Get(HttpCoreModule.IgnoreInvalidHeaders),
            ChunkedTransferEncoding = level.Get(HttpCoreModule.ChunkedTransferEncoding),
            ClientHeaderTimeoutMs = level.Get(HttpCoreModule.ClientHeaderTimeout),
            ClientBodyTimeoutMs = level.Get(HttpCoreModule.ClientBodyTimeout),
            SendTimeoutMs = level.Get(HttpCoreModule.SendTimeout),
            KeepAliveTimeoutMs = keepAlive.TimeoutMs,
            KeepAliveMinTimeoutMs = level.Get(HttpCoreModule.KeepAliveMinTimeout),
            KeepAliveHeaderSeconds = (int)keepAlive.HeaderSeconds,
            KeepAliveRequestsMax = (int)Math.Min(int.MaxValue, level.Get(HttpCoreModule.KeepAliveRequests)),
            KeepAliveTimeMs = level.Get(HttpCoreModule.KeepAliveTime),
            Lingering = (Http.LingeringClose)(byte)level.Get(HttpCoreModule.LingeringClose),
            LingeringTimeMs = level.Get(HttpCoreModule.LingeringTime),
            LingeringTimeoutMs = level.Get(HttpCoreModule.LingeringTimeout),
            Http2ChunkBytes = (int)Math.Clamp(level.Get(Http2Module.ChunkSize), 1, int.MaxValue),
            ResetTimedOut = level.Get(HttpCoreModule.ResetTimedOutConnection),
        };
    }

    public static Http2Options Http2Of(Level level) => new()
    {
        ConcurrentStreamsMax = (int)Math.Min(int.MaxValue, level.Get(Http2Module.MaxConcurrentStreams)),
        InitialWindow = (int)level.Get(Http2Module.BodyPrereadSize),
    };
}
