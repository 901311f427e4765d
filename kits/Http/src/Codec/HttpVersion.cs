namespace Microcosm.Http;

/// <summary>A version: major times thousand plus minor, so that versions compare.</summary>
public readonly record struct HttpVersion(int Value) : IComparable<HttpVersion>
{
    /// <summary>A request line without a version, answered with a body alone.</summary>
    public static HttpVersion Http09 { get; } = new(9);

    public static HttpVersion Http10 { get; } = new(1000);

    public static HttpVersion Http11 { get; } = new(1001);

    public static HttpVersion Http2 { get; } = new(2000);

    /// <inheritdoc/>
    public int CompareTo(HttpVersion other) => Value.CompareTo(other.Value);

    public static bool operator <(HttpVersion left, HttpVersion right) => left.Value < right.Value;

    public static bool operator >(HttpVersion left, HttpVersion right) => left.Value > right.Value;

    public static bool operator <=(HttpVersion left, HttpVersion right) => left.Value <= right.Value;

    public static bool operator >=(HttpVersion left, HttpVersion right) => left.Value >= right.Value;

    /// <summary>As peers write it: <c>HTTP/1.1</c>.</summary>
    public override string ToString() => $"HTTP/{Value / 1000}.{Value % 1000}";
}
