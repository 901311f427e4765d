namespace Microcosm.Nginx;

/// <summary><c>allow</c> and <c>deny</c>, of the http and of the stream part.</summary>
internal sealed class AccessModule
{
    public static readonly AccessModule Http = new("http_access_module", Contexts.Http, Contexts.HttpServerLocation | Contexts.LimitExcept);

    public static readonly AccessModule Stream = new("stream_access_module", Contexts.Stream, Contexts.StreamMainServer);

    private AccessModule(string name, Contexts main, Contexts contexts)
    {
        Module = new Module(name, main);
        Module.Custom("allow", contexts, Arity.One, call => Read(call, isDeny: false));
        Module.Custom("deny", contexts, Arity.One, call => Read(call, isDeny: true));
    }

    public Module Module { get; }

    /// <summary>Rules in order; the first that fits decides.</summary>
    public Setting<IReadOnlyList<AccessRule>> Rules { get; } = new("allow", []);

    private void Read(DirectiveCall call, bool isDeny)
    {
        var rule = new AccessRule(null, call[1] == "all", call[1] == "unix:", isDeny);
        if (rule is { IsAll: false, IsUnix: false })
        {
            if (!Cidr.TryParse(call[1], out var cidr, out var hasLowBits))
                throw call.InvalidParameter(call[1]);
            if (hasLowBits)
                call.Warn($"low address bits of {call[1]} are meaningless");
            rule = rule with { Network = cidr };
        }
        call.Level.Add(Rules, rule);
    }
}
