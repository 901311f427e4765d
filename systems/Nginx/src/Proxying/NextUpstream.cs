namespace Microcosm.Nginx;

/// <summary>Why another server is asked, as bits in the order of <see cref="UpstreamSettings.NextUpstreamWords"/>.</summary>
internal static class NextUpstream
{
    public const long Error = 1 << 0;
    public const long Timeout = 1 << 1;
    public const long InvalidHeader = 1 << 2;
    public const long NonIdempotent = 1 << 3;
    public const long Http500 = 1 << 4;
    public const long Http502 = 1 << 5;
    public const long Http503 = 1 << 6;
    public const long Http504 = 1 << 7;
    public const long Http403 = 1 << 8;
    public const long Http404 = 1 << 9;
    public const long Http429 = 1 << 10;

    /// <summary>0: such a status asks for no other server.</summary>
    public static long OfStatus(int status) => status switch
    {
        500 => Http500,
        502 => Http502,
        503 => Http503,
        504 => Http504,
        403 => Http403,
        404 => Http404,
        429 => Http429,
        _ => 0,
    };

    /// <summary>The status that a client gets when there is no other server.</summary>
    public static int StatusOf(long reason) => reason switch
    {
        Timeout or Http504 => 504,
        Http500 => 500,
        Http503 => 503,
        Http403 => 403,
        Http404 => 404,
        Http429 => 429,
        _ => 502,
    };
}
