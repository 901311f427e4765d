namespace Microcosm.Nginx;

/// <summary><c>health_check</c> and <c>match</c> of the http and of the stream part: NGINX Plus has them, nginx itself does not.</summary>
internal sealed class HealthCheckModule
{
    public static readonly HealthCheckModule Http = new("http_upstream_hc_module", Contexts.Http, Contexts.Location);

    public static readonly HealthCheckModule Stream = new("stream_upstream_hc_module", Contexts.Stream, Contexts.StreamServer);

    private readonly Setting<HealthRule?> _rule = new("health_check", null);
    private readonly bool _isStream;

    private HealthCheckModule(string name, Contexts main, Contexts inner)
    {
        _isStream = main == Contexts.Stream;
        Module = new Module(name, main);
        Module.Custom("health_check", inner, new Arity(0, int.MaxValue), Read);
        Module.Block("match", main, Arity.One, _isStream ? HealthDialogueDirective.Read : HealthMatchDirective.Read);
        if (_isStream)
            Timeout = Module.Milliseconds("health_check_timeout", Contexts.StreamMainServer, 5000);
    }

    public Module Module { get; }

    /// <summary>Of the stream part: how long a check may take.</summary>
    public Setting<long>? Timeout { get; }

    private void Read(DirectiveCall call)
    {
        call.Once(_rule);
        var rule = new HealthRule(call.Level, call.Loader.Place, _isStream);
        for (var i = 1; i <= call.Count; i++)
            rule = (_isStream ? ApplyToStream(call[i], rule) : ApplyToHttp(call, call[i], rule)) ?? Apply(call, i, rule);
        call.Level.Set(_rule, rule);
        call.Loader.Part.HealthRules.Add(rule);
    }

    private static HealthRule Apply(DirectiveCall call, int place, HealthRule rule)
    {
        var (word, options) = (call[place], rule.Options);
        if (Parameters.Is(word, "interval", out var value))
            return rule with { Options = options with { IntervalMs = Time(call, word, value, 1) } };
        if (Parameters.Is(word, "jitter", out value))
            return rule with { Options = options with { JitterMs = Time(call, word, value, 0) } };
        if (Parameters.Is(word, "fails", out value))
            return rule with { Options = options with { Fails = Count(call, word, value, int.MaxValue) } };
        if (Parameters.Is(word, "passes", out value))
            return rule with { Options = options with { Passes = Count(call, word, value, int.MaxValue) } };
        if (Parameters.Is(word, "port", out value))
            return rule with { Port = Count(call, word, value, ushort.MaxValue) };
        if (Parameters.Is(word, "match", out value) && value.Length > 0 && !rule.IsGrpc)
            return rule with { Match = value };
        return word switch
        {
            "mandatory" => rule with { Options = options with { IsMandatory = true } },
            "persistent" when place > 1 && call[place - 1] == "mandatory" => rule with { IsPersistent = true },
            _ => throw call.InvalidParameter(word),
        };
    }

    // Null: it is none of these.
    private static HealthRule? ApplyToHttp(DirectiveCall call, string word, HealthRule rule)
    {
        if (Parameters.Is(word, "keepalive_time", out var value))
            return rule with { KeepAliveMs = Time(call, word, value, 0) };
        if (Parameters.Is(word, "uri", out value) && value.StartsWith('/') && !rule.IsGrpc)
            return rule with { Uri = value };
        return word == "type=grpc" && rule is { Uri: "/", Match: "" } ? rule with { IsGrpc = true } : null;
    }

    private static HealthRule? ApplyToStream(string word, HealthRule rule) => word == "udp" ? rule with { IsUdp = true } : null;

    private static long Time(DirectiveCall call, string word, string value, long min) =>
        Measures.Milliseconds(value) is { } ms && ms >= min ? ms : throw call.InvalidParameter(word);

    private static int Count(DirectiveCall call, string word, string value, int max) =>
        Measures.Number(value) is { } number and > 0 && number <= max ? (int)number : throw call.InvalidParameter(word);

    /// <summary>Finds what rules name, once the part is read.</summary>
    public void Complete(PartDraft part)
    {
        for (var i = 0; i < part.HealthRules.Count; i++)
        {
            var rule = part.HealthRules[i];
            var target = TargetOf(rule);
            CheckUpstream(rule, target);
            part.HealthRules[i] = (_isStream ? CompletedForStream(part, rule) : CompletedForHttp(part, rule)) with { Target = target };
        }
    }

    private static ProxyTarget? TargetOf(HealthRule rule) => rule.IsStream
        ? (rule.Level.Get(StreamCoreModule.Content) as StreamContent.Proxy)?.Target
        : (rule.Level.Location!.Content as LocationContent.Proxy)?.Target;

    // Workers have one state of a server in shared memory only.
    private static void CheckUpstream(HealthRule rule, ProxyTarget? target)
    {
        if (target?.Upstream is not { } upstream)
            throw ConfigurationException.Unplaced($"no group of servers to check in {rule.Place}");
        if (upstream.Zone is null)
            throw ConfigurationException.Unplaced(
                $"active health checks require upstream \"{upstream.Host}\" in {upstream.Place} to be in shared memory");
    }

    private static HealthRule CompletedForHttp(PartDraft http, HealthRule rule)
    {
        var settings = ProxyModule.Upstream;
        var wait = rule.Level.Get(settings.ConnectTimeout) + rule.Level.Get(settings.SendTimeout) + rule.Level.Get(settings.ReadTimeout);
        return rule with
        {
            Expectation = rule.Match.Length == 0 ? rule.Expectation : Find(http.Matches, rule),
            Options = rule.Options with { TimeoutMs = Math.Max(1, wait) },
        };
    }

    private HealthRule CompletedForStream(PartDraft stream, HealthRule rule) => rule with
    {
        Dialogue = rule.Match.Length == 0 ? rule.Dialogue : Find(stream.Dialogues, rule),
        Options = rule.Options with { TimeoutMs = Math.Max(1, rule.Level.Get(Timeout!)) },
    };

    private static T Find<T>(Dictionary<string, T> matches, HealthRule rule) => matches.TryGetValue(rule.Match, out var match) ? match
        : throw ConfigurationException.Unplaced($"unknown match \"{rule.Match}\" in {rule.Place}");
}
