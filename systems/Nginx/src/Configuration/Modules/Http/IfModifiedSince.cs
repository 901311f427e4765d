namespace Microcosm.Nginx;

/// <summary>How If-Modified-Since is compared.</summary>
internal enum IfModifiedSince
{
    Off,
    Exact,
    Before,
}
