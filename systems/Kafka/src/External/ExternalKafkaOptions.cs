using System.Globalization;
using System.Net;

namespace Microcosm.Kafka;

/// <summary>Where the cluster behind the proxy is and how it is reached, named and spelled as in a Kafka client's configuration.</summary>
public sealed class ExternalKafkaOptions
{
    private const string SetupTimeout = "socket.connection.setup.timeout.ms";
    private const string Identification = "ssl.endpoint.identification.algorithm";

    private const string Listener = "listener.security.protocol";

    private static readonly string[] Protocols = ["PLAINTEXT", "SASL_PLAINTEXT", "SASL_SSL", "SSL"];

    // What is a text and has a default.
    private readonly Dictionary<string, string> _texts = new()
    {
        ["ssl.truststore.location"] = "", ["ssl.truststore.type"] = KeyStore.Pem, ["ssl.truststore.password"] = "",
        ["ssl.keystore.location"] = "", ["ssl.keystore.type"] = KeyStore.Pem, ["ssl.keystore.password"] = "", ["ssl.key.password"] = "",
        [Identification] = "https", [Listener] = "PLAINTEXT",
        ["listener.ssl.keystore.location"] = "", ["listener.ssl.keystore.type"] = KeyStore.Pem, ["listener.ssl.keystore.password"] = "",
        ["listener.ssl.key.password"] = "",
    };

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
    /// <c>security.protocol</c>: PLAINTEXT (the default), SSL, SASL_PLAINTEXT or SASL_SSL. Clients authenticate with the cluster itself,
    /// through the proxy, so with SASL and without are the same to it. With SSL the cluster's certificate must lead to one of
    /// <c>ssl.truststore.location</c>, or of the machine's, and be of its host unless <c>ssl.endpoint.identification.algorithm</c> is
    /// empty; <c>ssl.keystore.location</c> is what the proxy shows.
    /// </summary>
    public string SecurityProtocol { get; set => field = Protocol("security.protocol", value, Protocols); } = "PLAINTEXT";

    /// <summary>
    /// <c>listener.security.protocol</c>: PLAINTEXT (the default) or SSL, between clients and the proxy. The certificate is that of
    /// <c>listener.ssl.keystore.location</c>; where there is no such file yet it is made, self-signed, so that clients may trust that file.
    /// </summary>
    public string ListenerSecurityProtocol
    {
        get => _texts[Listener];
        set => _texts[Listener] = Protocol(Listener, value, ["PLAINTEXT", "SSL"]);
    }

    /// <summary><c>socket.connection.setup.timeout.ms</c>: how long a connection to a broker may take to open, in ms.</summary>
    public int SocketConnectionSetupTimeoutMs
    {
        get;
        set => field = value > 0 ? value
            : throw new ArgumentException($"Invalid value {value} for configuration {SetupTimeout}: Value must be at least 1");
    } = 10_000;

    internal IReadOnlyList<DnsEndPoint> Bootstrap { get; private set; } = [];

    internal bool IsTls => SecurityProtocol.EndsWith("SSL", StringComparison.Ordinal);

    internal bool IsListenerTls => ListenerSecurityProtocol == "SSL";

    /// <summary>A server of another name than its certificate's is not the cluster.</summary>
    internal bool ChecksHost => _texts[Identification].Length > 0;

    internal KeyStore Truststore => KeyStoreOf("ssl.truststore");

    internal KeyStore Keystore => KeyStoreOf("ssl.keystore") with { KeyPassword = _texts["ssl.key.password"] };

    internal KeyStore ListenerKeystore => KeyStoreOf("listener.ssl.keystore") with { KeyPassword = _texts["listener.ssl.key.password"] };

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
            case Listener:
                ListenerSecurityProtocol = value;
                break;
            case Identification:
                _texts[name] = value is "https" or "" ? value
                    : throw new ArgumentException($"Invalid value {value} for configuration {name}: String must be one of: https, ");
                break;
            case var type when type.EndsWith(".type", StringComparison.Ordinal) && _texts.ContainsKey(type):
                _texts[name] = value is KeyStore.Pem or KeyStore.Pkcs12 ? value
                    : throw new ArgumentException($"Invalid value {value} for configuration {name}: String must be one of: PEM, PKCS12");
                break;
            case var text when _texts.ContainsKey(text):
                _texts[name] = value;
                break;
            default:
                throw new ArgumentException($"Unknown configuration '{name}': the proxy of an external Kafka has "
                    + $"{string.Join(", ", ["bootstrap.servers", "security.protocol", SetupTimeout, .. _texts.Keys])}; all else is the "
                    + "cluster's own");
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

    private static string Protocol(string name, string value, string[] choices) => choices.Contains(value.ToUpperInvariant())
        ? value.ToUpperInvariant()
        : throw new ArgumentException($"Invalid value {value} for configuration {name}: String must be one of (case insensitive): "
            + string.Join(", ", choices));

    private KeyStore KeyStoreOf(string name) => new(_texts[name + ".location"], _texts[name + ".type"], _texts[name + ".password"]);
}
