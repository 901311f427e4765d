using System.Net;

namespace Microcosm.Nginx;

/// <summary>
/// The address part of listen, proxy_pass and upstream servers: host, port or range of ports, path behind it;
/// <c>[::1]</c> and <c>unix:</c> too.
/// </summary>
internal sealed class HostUrl
{
    private const int UnixPathMax = 107;

    /// <summary>The host as written; a unix socket's path.</summary>
    public string Host { get; private set; } = "";

    public int Port { get; private set; }

    /// <summary>The port as written, or empty.</summary>
    public string PortText { get; private set; } = "";

    /// <summary>The last of a range of ports, or 0.</summary>
    public int LastPort { get; private set; }

    /// <summary>From the first slash or question mark on.</summary>
    public string Uri { get; private set; } = "";

    /// <summary>True without a port in the text.</summary>
    public bool HasNoPort { get; private set; }

    /// <summary>Empty for a name that was not looked up.</summary>
    public IReadOnlyList<Address> Addresses { get; private set; } = [];

    /// <summary>Reads it; on failure says what nginx says.</summary>
    public static HostUrl? TryParse(string text, HostUrlRules rules, out string error)
    {
        var url = new HostUrl();
        error = text.StartsWith("unix:", StringComparison.OrdinalIgnoreCase) ? url.Unix(text, rules)
            : text.StartsWith('[') ? url.Ip6(text, rules)
            : url.Inet(text, rules);
        return error.Length == 0 ? url : null;
    }

    private string Unix(string text, HostUrlRules rules)
    {
        var path = text[5..];
        if (rules.HasUri && path.IndexOf(':') is >= 0 and var colon)
            (path, Uri) = (path[..colon], path[(colon + 1)..]);
        if (path.Length == 0)
            return "no path in the unix domain socket";
        if (path.Length > UnixPathMax)
            return "too long path in the unix domain socket";
        Host = path;
        HasNoPort = true;
        Addresses = [new Address(null, 0, path)];
        return "";
    }

    private string Ip6(string text, HostUrlRules rules)
    {
        var close = text.IndexOf(']');
        if (close < 0)
            return "invalid host";
        var rest = text[(close + 1)..];
        if (rest.IndexOf('/') is >= 0 and var slash)
        {
            if (rules.IsListen || !rules.HasUri)
                return "invalid host";
            (rest, Uri) = (rest[..slash], rest[slash..]);
        }
        if (rest.Length > 0)
        {
            if (rest[0] != ':')
                return "invalid host";
            if (Ports(rest[1..], rules.IsListen) is { Length: > 0 } error)
                return error;
        }
        else
        {
            (HasNoPort, Port) = (true, rules.DefaultPort);
        }
        if (close == 1)
            return "no host";
        Host = text[..(close + 1)];
        if (Address.ParseIp6(text.AsSpan(1, close - 1)) is not { } ip)
            return "invalid IPv6 address";
        Addresses = Range(ip);
        return "";
    }

    private string Inet(string text, HostUrlRules rules)
    {
        var end = text.AsSpan().IndexOfAny('/', '?');
        if (end >= 0)
        {
            if (rules.IsListen || !rules.HasUri)
                return "invalid host";
            (text, Uri) = (text[..end], text[end..]);
        }
        var host = text;
        if (text.IndexOf(':') is >= 0 and var colon)
        {
            host = text[..colon];
            if (Ports(text[(colon + 1)..], rules.IsListen) is { Length: > 0 } error)
                return error;
        }
        else if (rules.IsListen && end < 0 && IsPortOnly(text))
        {
            if (Ports(text, true) is { Length: > 0 } error)
                return error;
            Addresses = Range(IPAddress.Any);
            return "";
        }
        else
        {
            (HasNoPort, Port) = (true, rules.DefaultPort);
        }
        if (host.Length == 0)
            return "no host";
        Host = host;
        if (rules.IsListen && host == "*")
        {
            Addresses = Range(IPAddress.Any);
            return "";
        }
        if (Address.ParseIp4(host) is { } ip && !ip.Equals(IPAddress.Broadcast))
        {
            Addresses = Range(ip);
            return "";
        }
        if (rules.Names is null)
            return "";
        Addresses = [.. rules.Names.Resolve(host).SelectMany(Range)];
        return Addresses.Count > 0 ? "" : "host not found";
    }

    private static bool IsPortOnly(string text)
    {
        var dash = text.IndexOf('-');
        return Measures.Number(dash < 0 ? text : text.AsSpan(0, dash)) is not null
            && (dash < 0 || Measures.Number(text.AsSpan(dash + 1)) is not null);
    }

    private string Ports(string text, bool allowRange)
    {
        PortText = text;
        if (allowRange && text.IndexOf('-') is >= 0 and var dash)
        {
            if (PortOf(text[(dash + 1)..]) is not { } last)
                return "invalid port";
            LastPort = last;
            text = text[..dash];
        }
        if (PortOf(text) is not { } port)
            return "invalid port";
        Port = port;
        return LastPort > 0 && port > LastPort ? "invalid port range" : "";
    }

    private static int? PortOf(string text) => Measures.Number(text) is { } number and >= 1 and <= 65535 ? (int)number : null;

    private Address[] Range(IPAddress ip) =>
        [.. Enumerable.Range(Port, Math.Max(LastPort, Port) - Port + 1).Select(port => new Address(ip, port, null))];
}
