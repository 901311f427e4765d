namespace Microcosm.Nginx;

/// <summary><c>proxy_cache</c>: off, a zone, or a text that names it.</summary>
internal sealed record ProxyCache(bool IsOff, SharedZone? Zone, ComplexValue? Name);
