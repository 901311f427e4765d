namespace Microcosm.Nginx;

/// <summary>Whose word about the client's address is believed, of the http and of the stream part.</summary>
internal sealed class RealIpModule
{
    public static readonly RealIpModule Http = new("http_realip_module", Contexts.Http, Contexts.HttpServerLocation);

    public static readonly RealIpModule Stream = new("stream_realip_module", Contexts.Stream, Contexts.StreamMainServer);

    private RealIpModule(string name, Contexts main, Contexts contexts)
    {
        Module = new Module(name, main);
        Module.Custom("set_real_ip_from", contexts, Arity.One, ReadFrom);
        if (main != Contexts.Http)
            return;
        Header = Module.Text("real_ip_header", contexts, "X-Real-IP");
        Recursive = Module.Flag("real_ip_recursive", contexts);
    }

    public Module Module { get; }

    /// <summary>Trusted networks; null is unix sockets.</summary>
    public Setting<IReadOnlyList<Cidr?>> From { get; } = new("set_real_ip_from", []);

    /// <summary>A header's name, or <c>proxy_protocol</c>.</summary>
    public Setting<string?>? Header { get; }

    public Setting<bool>? Recursive { get; }

    private void ReadFrom(DirectiveCall call)
    {
        if (call[1] == "unix:")
        {
            call.Level.Add(From, null);
            return;
        }
        if (Cidr.TryParse(call[1], out var cidr, out var hasLowBits))
        {
            if (hasLowBits)
                call.Warn($"low address bits of {call[1]} are meaningless");
            call.Level.Add(From, cidr);
            return;
        }
        var addresses = call.Loader.Names.Resolve(call[1]);
        if (addresses.Count == 0)
            throw call.Error($"host not found in set_real_ip_from \"{call[1]}\"");
        foreach (var ip in addresses)
            call.Level.Add(From, new Cidr(ip, ip.GetAddressBytes().Length * 8));
    }
}
