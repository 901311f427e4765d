using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>proxy_redirect and proxy_cookie_*: what is changed in the headers of responses; part of the proxy module in nginx.</summary>
internal static class ProxyRewriteModule
{
    public static readonly Module Module = new("http_proxy_rewrite_module", Contexts.Http);

    /// <summary>Null where nothing is said: the default, made of proxy_pass.</summary>
    public static readonly Setting<HeaderRewrites?> Redirect = new("proxy_redirect", null);

    public static readonly Setting<HeaderRewrites?> CookieDomain = new("proxy_cookie_domain", null);
    public static readonly Setting<HeaderRewrites?> CookiePath = new("proxy_cookie_path", null);
    public static readonly Setting<CookieFlags?> CookieFlags = new("proxy_cookie_flags", null);

    static ProxyRewriteModule()
    {
        Module.Custom("proxy_redirect", All, Arity.OneOrTwo, ReadRedirect);
        Module.Custom("proxy_cookie_domain", All, Arity.OneOrTwo, call => Read(call, CookieDomain, DomainOf));
        Module.Custom("proxy_cookie_path", All, Arity.OneOrTwo, call => Read(call, CookiePath, PathOf));
        Module.Custom("proxy_cookie_flags", All, Arity.OneToFour, ReadFlags);
    }

    private static void Read(DirectiveCall call, Setting<HeaderRewrites?> setting, Func<DirectiveCall, HeaderRewrite> read)
    {
        var rewrites = OwnOrNew(call, setting, HeaderRewrites.Off);
        if (rewrites is null)
            return;
        if (call.Count == 1)
            throw call.InvalidParameter(call[1]);
        rewrites.Add(read(call));
    }

    // Null when the word was "off", which stands alone on its level.
    private static T? OwnOrNew<T>(DirectiveCall call, Setting<T?> setting, T off)
        where T : class, new()
    {
        var has = call.Level.TryGetOwn(setting, out var own);
        if (own == off || (has && call.Count == 1 && call[1] == "off"))
            throw call.Refuse("is duplicate");
        if (call.Count == 1 && call[1] == "off")
        {
            call.Level.Set(setting, off);
            return null;
        }
        if (own is null)
            call.Level.Set(setting, own = new T());
        return own;
    }

    private static void ReadRedirect(DirectiveCall call)
    {
        var rewrites = OwnOrNew(call, Redirect, HeaderRewrites.Off);
        if (rewrites is null)
            return;
        if (call.Count == 2)
        {
            rewrites.Add(PathOf(call));
            return;
        }
        if (call[1] != "default")
            throw call.InvalidParameter(call[1]);
        call.Level.TryGetOwn(ProxyModule.Pass, out var pass);
        if (pass?.Value is not null)
            throw call.Error("\"proxy_redirect default\" cannot be used with \"proxy_pass\" directive with variables");
        if (pass is null)
            throw call.Error("\"proxy_redirect default\" should be placed after the \"proxy_pass\" directive");
        rewrites.Add(DefaultOf(pass));
    }

    /// <summary>From the URL of proxy_pass to the location.</summary>
    public static HeaderRewrite DefaultOf(ProxyTarget pass) => pass.Uri.Length > 0
        ? new HeaderRewrite(ComplexValue.OfLiteral(pass.Url), null, ComplexValue.OfLiteral(pass.Location))
        : new HeaderRewrite(ComplexValue.OfLiteral(pass.Url + "/"), null, ComplexValue.OfLiteral("/"));

    private static HeaderRewrite PathOf(DirectiveCall call)
    {
        if (!call[1].StartsWith('~'))
            return new HeaderRewrite(call.Value(1), null, call.Value(2));
        var ignoreCase = call[1].StartsWith("~*", StringComparison.Ordinal);
        var pattern = VariablePattern.Compile(call[1][(ignoreCase ? 2 : 1)..], ignoreCase, call.Variables);
        return new HeaderRewrite(null, pattern, call.Value(2));
    }

    // Domains know no case; the dot before one does not count.
    private static HeaderRewrite DomainOf(DirectiveCall call)
    {
        if (call[1].StartsWith('~'))
            return new HeaderRewrite(null, VariablePattern.Compile(call[1][1..], ignoreCase: true, call.Variables), call.Value(2));
        return new HeaderRewrite(
            ComplexValue.Compile(WithoutDot(call[1]), call.Variables), null, ComplexValue.Compile(WithoutDot(call[2]), call.Variables));
    }

    private static string WithoutDot(string domain) => domain.StartsWith('.') ? domain[1..] : domain;

    private static void ReadFlags(DirectiveCall call)
    {
        var flags = OwnOrNew(call, CookieFlags, Nginx.CookieFlags.Off);
        if (flags is null)
            return;
        if (call.Count == 1)
            throw call.InvalidParameter(call[1]);
        var isPattern = call[1].StartsWith('~');
        var pattern = isPattern ? VariablePattern.Compile(call[1][1..], ignoreCase: true, call.Variables) : null;
        flags.Add(new CookieFlag(isPattern ? null : call.Value(1), pattern, [.. Enumerable.Range(2, call.Count - 1).Select(call.Value)]));
    }
}
