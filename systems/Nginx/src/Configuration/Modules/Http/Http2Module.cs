using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>HTTP/2.</summary>
internal static class Http2Module
{
    public static readonly Module Module = new("http_v2_module", Contexts.Http);

    public static readonly Setting<bool> Http2 = Module.Flag("http2", Outer);
    public static readonly Setting<long> RecvBufferSize = Module.Size("http2_recv_buffer_size", Contexts.Http, 256 << 10);
    public static readonly Setting<long> PoolSize = Module.Size("http2_pool_size", Outer, 4096, (call, size) =>
    {
        if (size < 512)
            throw call.Error("the pool size must be no less than 512");
        if (size % 16 != 0)
            throw call.Error("the pool size must be a multiple of 16");
    });
    public static readonly Setting<long> MaxConcurrentStreams = Module.Number("http2_max_concurrent_streams", Outer, 128);
    public static readonly Setting<long> BodyPrereadSize = Module.Size("http2_body_preread_size", Outer, 65536, (call, size) =>
    {
        if (size > int.MaxValue)
            throw call.Error($"the maximum body preread buffer size is {int.MaxValue}");
    });
    public static readonly Setting<long> StreamsIndexSize = Module.Number("http2_streams_index_size", Outer, 32);
    public static readonly Setting<long> ChunkSize = Module.Size("http2_chunk_size", All, 8192);

    static Http2Module()
    {
        Module.Obsolete("http2_max_concurrent_pushes", Outer, Arity.One);
        Module.Obsolete("http2_max_requests", Outer, Arity.One, "keepalive_requests");
        Module.Obsolete("http2_max_field_size", Outer, Arity.One, "large_client_header_buffers");
        Module.Obsolete("http2_max_header_size", Outer, Arity.One, "large_client_header_buffers");
        Module.Obsolete("http2_recv_timeout", Outer, Arity.One, "client_header_timeout");
        Module.Obsolete("http2_idle_timeout", Outer, Arity.One, "keepalive_timeout");
        Module.Obsolete("http2_push_preload", All, Arity.One);
        Module.Obsolete("http2_push", All, Arity.One);
    }
}
