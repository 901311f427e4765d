namespace Microcosm.Nginx;

/// <summary>Where a directive may stand.</summary>
[Flags]
internal enum Contexts
{
    Main = 1,
    Events = 1 << 1,
    Http = 1 << 2,
    Server = 1 << 3,
    Location = 1 << 4,

    /// <summary>An <c>if</c> of a server.</summary>
    ServerIf = 1 << 5,

    /// <summary>An <c>if</c> of a location.</summary>
    LocationIf = 1 << 6,
    LimitExcept = 1 << 7,
    Upstream = 1 << 8,
    Stream = 1 << 9,
    StreamServer = 1 << 10,
    StreamUpstream = 1 << 11,

    Any = (1 << 12) - 1,
    HttpServer = Http | Server,
    HttpServerLocation = Http | Server | Location,
    HttpServerLocationIf = Http | Server | Location | LocationIf,
    StreamMainServer = Stream | StreamServer,
}
