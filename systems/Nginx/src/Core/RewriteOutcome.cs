namespace Microcosm.Nginx;

/// <summary>How a rewrite program ended.</summary>
/// <param name="Status">0: go on with the request. Otherwise it is answered with this status.</param>
/// <param name="Text">The text of <c>return</c>, a body or a URL; null for none.</param>
/// <param name="Location">The URL of a redirect by <c>rewrite</c>; null for none.</param>
internal readonly record struct RewriteOutcome(int Status, ReadOnlyMemory<byte>? Text, ReadOnlyMemory<byte>? Location);
