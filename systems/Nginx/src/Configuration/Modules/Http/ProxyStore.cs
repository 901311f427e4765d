namespace Microcosm.Nginx;

/// <summary><c>proxy_store</c>: off, where root and alias say, or at a path of its own.</summary>
internal sealed record ProxyStore(bool IsOn, ComplexValue? Path);
