using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>Where members say that the others reach them: <c>http://etcd-1:2380</c>, a node and its port.</summary>
internal static class PeerUrls
{
    private static readonly string[] Schemes = ["http", "https", "unix", "unixs"];

    public static string Of(string node, int port) => $"http://{node}:{port}";

    /// <summary>The node that the first of them names; null where none does.</summary>
    public static NodeEndPoint? AddressOf(IEnumerable<string> urls) => urls.Select(Parse).FirstOrDefault(a => a is not null);

    /// <summary>The same in order, if etcd takes them: at least one, each with scheme, host and port and nothing else.</summary>
    public static IReadOnlyList<string> Check(IEnumerable<string> urls)
    {
        string[] trimmed = [.. urls.Select(u => u.Trim()).Order(StringComparer.Ordinal)];
        return trimmed.Length > 0 && trimmed.All(u => Parse(u) is not null) ? trimmed : throw new EtcdException(EtcdErrors.MemberBadUrls);
    }

    private static NodeEndPoint? Parse(string url)
    {
        var end = url.IndexOf("://", StringComparison.Ordinal);
        var colon = url.LastIndexOf(':');
        return end > 0 && colon > end + 2 && Schemes.Contains(url[..end]) && ushort.TryParse(url[(colon + 1)..], out var port)
            && !url.AsSpan(end + 3).ContainsAny("/?#@")
            ? new NodeEndPoint(url[(end + 3)..colon], port) : null;
    }
}
