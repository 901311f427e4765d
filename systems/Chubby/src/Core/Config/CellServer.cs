using System.Globalization;
using System.Net;

namespace Microcosm.Chubby;

/// <summary>
/// A member as <c>/zookeeper/config</c> has it: <c>server.1=host:2888:3888:participant;host:2181</c> (ZooKeeper's <c>QuorumServer</c>).
/// </summary>
/// <param name="Client">Where its clients come, <c>host:port</c>; null where that is not said.</param>
internal sealed record CellServer(long Id, string Host, int QuorumPort, int ElectionPort, bool IsObserver, string? Client)
{
    /// <summary>Reads what stands behind <c>server.ID=</c>. Throws <see cref="ConfigRefusedException"/>.</summary>
    public static CellServer Parse(long id, string text)
    {
        var halves = text.Split(';');
        var parts = Parts(halves[0]);
        if (halves.Length > 2 || parts.Length is < 3 or > 4)
            throw Wrong($"{text} does not have the form server_config or server_config;client_config");
        var isObserver = parts.Length == 4 && parts[3].ToLowerInvariant() switch
        {
            "observer" => true,
            "participant" => false,
            _ => throw Wrong($"Unrecognised peertype: {parts[3]}"),
        };
        var (quorum, election) = (Port(parts[1]), Port(parts[2]));
        if (quorum == election)
            throw Wrong("Client and election port must be different");
        // A raft member's number is above 0.
        if (id <= 0)
            throw Wrong($"{id} is no member's number");
        return new CellServer(id, parts[0], quorum, election, isObserver, halves.Length == 2 ? ClientOf(halves[1]) : null);
    }

    /// <summary>The number in <c>server.ID</c>. Throws <see cref="ConfigRefusedException"/>.</summary>
    public static long IdOf(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
        ? id : throw new ConfigRefusedException(ZooError.MarshallingError, $"For input string: \"{text}\"");

    /// <summary>True where both would listen at one address; those of no particular machine are not compared.</summary>
    public bool ConflictsWith(CellServer other) => Addresses.Intersect(other.Addresses, StringComparer.Ordinal).Any();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"server.{Id}={Host}:{QuorumPort}:{ElectionPort}:{(IsObserver ? "observer" : "participant")}")
        + (Client is null ? "" : ";" + Client);

    private IEnumerable<string> Addresses =>
        new[] { $"{Host}:{QuorumPort}", $"{Host}:{ElectionPort}", Client }.OfType<string>().Where(IsParticular);

    private static bool IsParticular(string address)
    {
        var host = address[..address.LastIndexOf(':')];
        return host != "localhost" && !(IPAddress.TryParse(host, out var ip)
            && (IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));
    }

    private static string ClientOf(string text)
    {
        var parts = Parts(text);
        if (parts.Length > 2)
            throw Wrong($"{text} does not have the form host:port or port");
        return $"{(parts.Length == 2 ? parts[0] : "0.0.0.0")}:{Port(parts[^1])}";
    }

    // An IPv6 address stands in brackets.
    private static string[] Parts(string text)
    {
        var end = text.StartsWith('[') ? text.IndexOf(']') : -1;
        if (end < 0)
            return text.Split(':');
        var rest = text[(end + 1)..];
        return rest.StartsWith(':') ? [text[..(end + 1)], .. rest[1..].Split(':')] : throw Wrong($"{text} has no port");
    }

    private static int Port(string text)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var port))
            throw Wrong($"Address unresolved: {text}");
        return port is >= 0 and <= 65535 ? port : throw new ConfigRefusedException(ZooError.MarshallingError, $"port out of range:{port}");
    }

    private static ConfigRefusedException Wrong(string message) => new(ZooError.BadArguments, message);
}
