namespace Microcosm.Nginx;

/// <summary><c>resolver</c>, the same in every part.</summary>
internal static class ResolverDirective
{
    private const int DnsPort = 53;

    public static Setting<ResolverAddresses?> Declare(Module module, Contexts contexts)
    {
        var setting = new Setting<ResolverAddresses?>("resolver", null);
        module.Custom("resolver", contexts, Arity.OneOrMore, call =>
        {
            call.Once(setting);
            call.Level.Set(setting, Read(call));
        });
        return setting;
    }

    private static ResolverAddresses Read(DirectiveCall call)
    {
        var servers = new List<Address>();
        var (valid, ip4, ip6, zone) = (0L, true, true, "");
        foreach (var argument in call.Arguments)
        {
            if (Parameters.Is(argument, "valid", out var value))
                valid = Measures.Seconds(value) ?? throw call.Error($"invalid parameter: {argument}");
            else if (Parameters.Is(argument, "ipv4", out value))
                ip4 = OnOff(call, argument, value);
            else if (Parameters.Is(argument, "ipv6", out value))
                ip6 = OnOff(call, argument, value);
            else if (Parameters.Is(argument, "status_zone", out value))
                zone = value;
            else
                servers.AddRange(Server(call, argument));
        }
        if (!ip4 && !ip6)
            throw call.Error("\"ipv4\" and \"ipv6\" cannot both be \"off\"");
        if (servers.Count == 0)
            throw call.Error("no name servers defined");
        return new ResolverAddresses(servers, valid, ip4, ip6, zone);
    }

    private static bool OnOff(DirectiveCall call, string argument, string value) =>
        value == "on" || (value == "off" ? false : throw call.Error($"invalid parameter: {argument}"));

    private static IReadOnlyList<Address> Server(DirectiveCall call, string argument)
    {
        var url = HostUrl.TryParse(argument, new HostUrlRules(DnsPort, Names: call.Loader.Names), out var error);
        if (url?.Addresses is [{ IsUnix: true }])
            throw call.Error($"invalid host in resolver \"{argument}\"");
        return url?.Addresses ?? throw call.Error($"{error} in resolver \"{argument}\"");
    }
}
