using System.Globalization;
using System.Net;

namespace Microcosm.Kafka;

/// <summary>Where the cluster behind the proxy is and how it is reached, named and spelled as in a Kafka client's configuration.</summary>
public sealed class ExternalKafkaOptions
{
    private const string SetupTimeout = "socket.connection.setup.timeout.ms";

    private static readonly string[] Names = ["bootstrap.servers", "security.protocol", SetupTimeout];

    /// <param name="bootstrapServers"><c>host:port</c> of some brokers, separated by commas. Throws <see
    /// cref="ArgumentException"/>.</param>
    public ExternalKafkaOptions(string bootstrapServers) => BootstrapServers = bootstrapServers;

    /// <summary><c>bootstrap.servers</c>: <c>host:port</c> of some brokers, separated by commas; the first that can be reached
    /// counts.</summary>
    public string BootstrapServers
    {
        get => string.Join(',', Bootstrap.Select(Show));
        set => Bootstrap = Parse(value);
    }

    /// <summary>
    /// <c>security.protocol</c>: PLAINTEXT (the default) or SASL_PLAINTEXT; clients authenticate with the cluster itself, through the
    /// proxy, so the two are the same to it. Those with SSL are refused.
    /// </summary>
    public string SecurityProtocol { get; set => field = Plaintext(value); } = "PLAINTEXT";

    /// <summary><c>socket.connection.setup.timeout.ms</c>: how long a connection to a broker may take to open, in ms.</summary>
    public int SocketConnectionSetupTimeoutMs
    {
        get;
        set => field = value > 0 ? value
            : throw new ArgumentException($"Invalid value {value} for configuration {SetupTimeout}: Value must be at least 1");
    } = 10_000;

    internal IReadOnlyList<DnsEndPoint> Bootstrap { get; private set; } = [];

    /// <summary>Sets an option by its name. Throws <see cref="ArgumentException"/>.</summary>
    public void Set(string name, string value)
    {
        switch (name)
        {
            case "bootstrap.servers":
                BootstrapServers = value;
                break;
            case "security.protocol":
                SecurityProtocol = value;
                break;
            case SetupTimeout:
                SocketConnectionSetupTimeoutMs = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? ms
                    : throw new ArgumentException($"Invalid value {value} for configuration {name}: Not a number of type INT");
                break;
            default:
                throw new ArgumentException($"Unknown configuration '{name}': the proxy of an external Kafka has "
                    + $"{string.Join(", ", Names)}; all else is the cluster's own");
        }
    }

    /// <summary>As <c>host:port</c>, an IPv6 address in brackets.</summary>
    internal static string Show(DnsEndPoint at) => at.Host.Contains(':') ? $"[{at.Host}]:{at.Port}" : $"{at.Host}:{at.Port}";

    private static List<DnsEndPoint> Parse(string servers)
    {
        var all = servers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseOne).ToList();
        return all.Count > 0 ? all : throw new ArgumentException("No resolvable bootstrap urls given in bootstrap.servers");
    }

    private static DnsEndPoint ParseOne(string server)
    {
        var colon = server.LastIndexOf(':');
        var host = colon > 0 ? server[..colon] : "";
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':'))
            host = "";
        return host.Length > 0 && int.TryParse(server.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= IPEndPoint.MaxPort ? new DnsEndPoint(host, port)
            : throw new ArgumentException($"Invalid url in bootstrap.servers: {server}");
    }

    private static string Plaintext(string protocol) => protocol switch
    {
        "PLAINTEXT" or "SASL_PLAINTEXT" => protocol,
        "SSL" or "SASL_SSL" => throw new ArgumentException(
            $"security.protocol {protocol} is not implemented: the proxy reaches a cluster by PLAINTEXT or SASL_PLAINTEXT"),
        _ => throw new ArgumentException($"Invalid value {protocol} for configuration security.protocol: String must be one of "
            + "(case insensitive): PLAINTEXT, SASL_PLAINTEXT, SASL_SSL, SSL"),
    };
}
