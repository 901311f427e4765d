using System.Globalization;

namespace Microcosm.Chubby;

/// <summary>Options by their names in zoo.cfg or among Java's properties, with or without the prefix <c>zookeeper.</c></summary>
internal static class OptionTable
{
    private static readonly Dictionary<string, Action<ChubbyOptions, string>> Setters = new(StringComparer.Ordinal)
    {
        ["replicas"] = (o, v) => o.Replicas = v is "1" or "3" or "5" ? v[0] - '0' : throw Wrong("replicas", v, "1, 3 or 5"),
        ["observers"] = (o, v) => o.Observers = Int("observers", v, 0, 9),
        ["standaloneEnabled"] = (o, v) => o.StandaloneEnabled = Bool("standaloneEnabled", v),
        ["reconfigEnabled"] = (o, v) => o.ReconfigEnabled = Bool("reconfigEnabled", v),
        ["enforceQuota"] = (o, v) => o.EnforceQuota = Bool("enforceQuota", v),
        ["tickTime"] = (o, v) => o.TickTime = Int("tickTime", v, 1, int.MaxValue / 20),
        ["minSessionTimeout"] = (o, v) => o.MinSessionTimeout = Int("minSessionTimeout", v, -1, int.MaxValue),
        ["maxSessionTimeout"] = (o, v) => o.MaxSessionTimeout = Int("maxSessionTimeout", v, -1, int.MaxValue),
        ["maxClientCnxns"] = (o, v) => o.MaxClientCnxns = Int("maxClientCnxns", v, 0, int.MaxValue),
        ["maxCnxns"] = (o, v) => o.MaxCnxns = Int("maxCnxns", v, 0, int.MaxValue),
        ["snapCount"] = (o, v) => o.SnapCount = Int("snapCount", v, 2, int.MaxValue),
        ["jute.maxbuffer"] = (o, v) => o.JuteMaxBuffer = Int("jute.maxbuffer", v, 1024, 256 << 20),
        ["4lw.commands.whitelist"] = (o, v) => o.FourLetterWordsWhitelist = v,
        ["extendedTypesEnabled"] = (o, v) => o.ExtendedTypesEnabled = Bool("extendedTypesEnabled", v),
        ["readonlymode.enabled"] = (o, v) => o.ReadOnlyModeEnabled = Bool("readonlymode.enabled", v),
        ["leaseMs"] = (o, v) => o.LeaseMs = Int("leaseMs", v, 100, 3_600_000),
        ["skipACL"] = (o, v) => o.SkipAcl = v == "yes",
        ["DigestAuthenticationProvider.superDigest"] = (o, v) => o.SuperDigest = v,
        ["superUser"] = (o, v) => o.SuperUser = v,
        ["znode.container.checkIntervalMs"] = (o, v) => o.ContainerCheckIntervalMs =
            Int("znode.container.checkIntervalMs", v, 1, int.MaxValue),
    };

    public static void Set(ChubbyOptions options, string name, string value)
    {
        const string prefix = "zookeeper.";
        var plain = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        const string user = "user_";
        if (plain.StartsWith(user, StringComparison.Ordinal) && plain.Length > user.Length)
        {
            options.AddSaslUser(plain[user.Length..], value);
            return;
        }
        if (!Setters.TryGetValue(plain, out var set))
        {
            var known = string.Join(", ", Setters.Keys.Append("user_NAME").Order(StringComparer.Ordinal));
            throw new ArgumentException($"Unknown option '{name}'. Known: {known}");
        }
        set(options, value);
    }

    private static int Int(string name, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number : throw Wrong(name, value, $"a number from {min} to {max}");

    private static bool Bool(string name, string value) => value.ToLowerInvariant() switch
    {
        "true" => true,
        "false" => false,
        _ => throw Wrong(name, value, "true or false"),
    };

    private static ArgumentException Wrong(string name, string value, string wanted) =>
        new($"Invalid value '{value}' for {name}: {wanted}");
}
