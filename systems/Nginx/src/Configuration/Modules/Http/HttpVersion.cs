namespace Microcosm.Nginx;

/// <summary>Versions of HTTP that directives name.</summary>
internal enum HttpVersion
{
    Http10,
    Http11,
    Http2,
}
