namespace Microcosm.Nginx;

/// <summary>What <c>echo</c> makes of characters that mean something in HTML or in URLs.</summary>
internal enum SsiEncoding
{
    Entity,
    None,
    Url,
}
