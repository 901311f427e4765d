namespace Microcosm.Nginx;

/// <summary>Where and how a log goes to syslog. Facility and severity are RFC 3164's numbers.</summary>
internal sealed record SyslogServer(Address Server, int Facility, int Severity, string Tag, bool HasHostName)
{
    private static readonly string[] Facilities =
    [
        "kern", "user", "mail", "daemon", "auth", "intern", "lpr", "news", "uucp", "clock", "authpriv", "ftp", "ntp", "audit", "alert",
        "cron", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];

    private static readonly string[] Severities = ["emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"];

    /// <summary>Reads <c>syslog:server=…,facility=…</c>.</summary>
    public static SyslogServer Parse(string text, INameResolver names)
    {
        Address? server = null;
        var (facility, severity, tag, hasHostName) = (-1, -1, (string?)null, true);
        foreach (var part in text["syslog:".Length..].Split(','))
        {
            if (Parameters.Is(part, "server", out var value))
            {
                Once(server is null, "server");
                var rules = new HostUrlRules(514, Names: names);
                var url = HostUrl.TryParse(value, rules, out var error)
                    ?? throw new ConfigurationException($"{error} in syslog server \"{value}\"");
                server = url.Addresses[0];
            }
            else if (Parameters.Is(part, "facility", out value))
            {
                Once(facility < 0, "facility");
                facility = Array.IndexOf(Facilities, value);
                if (facility < 0)
                    throw new ConfigurationException($"unknown syslog facility \"{value}\"");
            }
            else if (Parameters.Is(part, "severity", out value))
            {
                Once(severity < 0, "severity");
                severity = Array.IndexOf(Severities, value);
                if (severity < 0)
                    throw new ConfigurationException($"unknown syslog severity \"{value}\"");
            }
            else if (Parameters.Is(part, "tag", out value))
            {
                Once(tag is null, "tag");
                tag = CheckTag(value);
            }
            else
            {
                hasHostName = part == "nohostname" ? false : throw new ConfigurationException($"unknown syslog parameter \"{part}\"");
            }
        }
        return new SyslogServer(server ?? throw new ConfigurationException("no syslog server specified"),
            facility < 0 ? 23 : facility, severity < 0 ? 6 : severity, tag ?? "nginx", hasHostName);
    }

    private static void Once(bool isFirst, string name)
    {
        if (!isFirst)
            throw new ConfigurationException($"duplicate syslog \"{name}\"");
    }

    // RFC 3164 4.1.3: at most 32 alphanumeric characters.
    private static string CheckTag(string tag)
    {
        if (tag.Length > 32)
            throw new ConfigurationException("syslog tag length exceeds 32");
        if (tag.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_'))
            throw new ConfigurationException("syslog \"tag\" only allows alphanumeric characters and underscore");
        return tag;
    }
}
