using System.Net;

namespace Microcosm.Runtime;

/// <summary>An address of a Unix socket: a path, or empty for a client that has none.</summary>
public sealed class UnixEndPoint(string path) : EndPoint, IEquatable<UnixEndPoint>
{
    /// <summary>The path, in UTF-8 at most 107 bytes.</summary>
    public string Path { get; } = path;

    /// <inheritdoc/>
    public bool Equals(UnixEndPoint? other) => other is not null && other.Path == Path;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UnixEndPoint);

    /// <inheritdoc/>
    public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => "unix:" + Path;
}
