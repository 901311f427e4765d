using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>health_check</c> and <c>match</c>: NGINX Plus has them, nginx itself does not.</summary>
internal static class HealthCheckModule
{
    public static readonly Module Module = new("http_upstream_hc_module", Contexts.Http);

    public static readonly Setting<HealthRule?> Rule = new("health_check", null);

    static HealthCheckModule()
    {
        Module.Custom("health_check", Contexts.Location, new Arity(0, int.MaxValue), Read);
        Module.Block("match", Contexts.Http, Arity.One, HealthMatchDirective.Read);
    }

    private static void Read(DirectiveCall call)
    {
        call.Once(Rule);
        var rule = new HealthRule(call.Level, call.Loader.Place);
        for (var i = 1; i <= call.Count; i++)
            rule = Apply(call, i, rule);
        call.Level.Set(Rule, rule);
        call.Loader.Draft.Http!.HealthRules.Add(rule);
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
        if (Parameters.Is(word, "keepalive_time", out value))
            return rule with { KeepAliveMs = Time(call, word, value, 0) };
        if (Parameters.Is(word, "port", out value))
            return rule with { Port = Count(call, word, value, ushort.MaxValue) };
        if (Parameters.Is(word, "uri", out value) && value.StartsWith('/') && !rule.IsGrpc)
            return rule with { Uri = value };
        if (Parameters.Is(word, "match", out value) && value.Length > 0 && !rule.IsGrpc)
            return rule with { Match = value };
        return word switch
        {
            "mandatory" => rule with { Options = options with { IsMandatory = true } },
            "persistent" when place > 1 && call[place - 1] == "mandatory" => rule with { IsPersistent = true },
            "type=grpc" when rule is { Uri: "/", Match: "" } => rule with { IsGrpc = true },
            _ => throw call.InvalidParameter(word),
        };
    }

    private static long Time(DirectiveCall call, string word, string value, long min) =>
        Measures.Milliseconds(value) is { } ms && ms >= min ? ms : throw call.InvalidParameter(word);

    private static int Count(DirectiveCall call, string word, string value, int max) =>
        Measures.Number(value) is { } number and > 0 && number <= max ? (int)number : throw call.InvalidParameter(word);

    /// <summary>Finds what rules name, once the part is read.</summary>
    public static void Complete(PartDraft http)
    {
        for (var i = 0; i < http.HealthRules.Count; i++)
            http.HealthRules[i] = Completed(http, http.HealthRules[i]);
    }

    private static HealthRule Completed(PartDraft http, HealthRule rule)
    {
        var target = (rule.Level.Location!.Content as LocationContent.Proxy)?.Target;
        if (target?.Upstream is not { } upstream)
            throw ConfigurationException.Unplaced($"no group of servers to check in {rule.Place}");
        // Workers have one state of a server in shared memory only.
        if (upstream.Zone is null)
            throw ConfigurationException.Unplaced(
                $"active health checks require upstream \"{upstream.Host}\" in {upstream.Place} to be in shared memory");
        var match = ResponseExpectation.Success;
        if (rule.Match.Length > 0 && !http.Matches.TryGetValue(rule.Match, out match))
            throw ConfigurationException.Unplaced($"unknown match \"{rule.Match}\" in {rule.Place}");
        var settings = ProxyModule.Upstream;
        var wait = rule.Level.Get(settings.ConnectTimeout) + rule.Level.Get(settings.SendTimeout) + rule.Level.Get(settings.ReadTimeout);
        return rule with
        {
            Target = target, Expectation = match!, Options = rule.Options with { TimeoutMs = Math.Max(1, wait) },
        };
    }
}
