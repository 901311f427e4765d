namespace Microcosm.Http;

/// <summary>
/// How large a head may be, as nginx counts: lines fill a first buffer, then large ones; a line lies whole in one of them.
/// </summary>
/// <param name="FirstBytes">The first buffer (client_header_buffer_size).</param>
/// <param name="LargeCount">Large buffers, at most (large_client_header_buffers).</param>
/// <param name="LargeBytes">Bytes of one of them: the longest line.</param>
/// <param name="HeadersMax">Fields, at most (max_headers).</param>
public sealed record HeadLimits(int FirstBytes = 1024, int LargeCount = 4, int LargeBytes = 8192, int HeadersMax = 1000)
{
    /// <summary>nginx' own.</summary>
    public static HeadLimits Default { get; } = new();
}
