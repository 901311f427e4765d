using System.Text;

namespace Microcosm.Nginx;

/// <summary><c>proxy_cookie_domain</c>, <c>proxy_cookie_path</c> and <c>proxy_cookie_flags</c> on a Set-Cookie field.</summary>
internal static class CookieRewriting
{
    /// <summary>The new value; null where nothing changes.</summary>
    public static byte[]? Apply(Level level, RequestValues values, ReadOnlySpan<byte> value)
    {
        var (domains, paths) = (level.Get(ProxyRewriteModule.CookieDomain), level.Get(ProxyRewriteModule.CookiePath));
        var flags = level.Get(ProxyRewriteModule.CookieFlags);
        if (domains is null && paths is null && flags is null)
            return null;
        var attributes = Parse(value);
        if (attributes[0].Value is null)
            return null;
        var isChanged = false;
        for (var i = 1; i < attributes.Count; i++)
        {
            var (name, old) = attributes[i];
            if (old is null)
                continue;
            var changed = Is(name, "domain") && domains is not null
                ? RedirectRewriting.Apply(domains.Rules, values, old, isDomain: true)
                : Is(name, "path") && paths is not null ? RedirectRewriting.Apply(paths.Rules, values, old) : null;
            if (changed is null)
                continue;
            attributes[i] = (name, changed);
            isChanged = true;
        }
        if (flags is not null && CookieFlagsOf(flags, values, attributes[0].Name) is { Count: > 0 } wanted)
            isChanged |= Edit(attributes, wanted);
        return isChanged ? Text(attributes) : null;
    }

    private static List<(byte[] Name, byte[]? Value)> Parse(ReadOnlySpan<byte> cookie)
    {
        var attributes = new List<(byte[] Name, byte[]? Value)>();
        foreach (var range in cookie.Split((byte)';'))
        {
            var part = cookie[range].TrimStart((byte)' ');
            var equal = part.IndexOf((byte)'=');
            attributes.Add(equal < 0 ? (part.TrimEnd((byte)' ').ToArray(), null)
                : (part[..equal].TrimEnd((byte)' ').ToArray(), part[(equal + 1)..].Trim((byte)' ').ToArray()));
        }
        return attributes;
    }

    // Flags of the first rule that fits the cookie's name, in small letters.
    private static List<string> CookieFlagsOf(CookieFlags rules, RequestValues values, byte[] name)
    {
        foreach (var rule in rules.Rules)
        {
            var fits = rule.Pattern?.Match(name, values) ?? Ascii.EqualsIgnoreCase(rule.Name!.Evaluate(values).Span, name);
            if (fits)
                return [.. rule.Flags.Select(f => Latin1.Lower(Latin1.Text(f.Evaluate(values).Span)))];
        }
        return [];
    }

    private static bool Edit(List<(byte[] Name, byte[]? Value)> attributes, List<string> flags)
    {
        var before = Text(attributes);
        Switch(attributes, flags, "Secure");
        Switch(attributes, flags, "HttpOnly");
        var site = flags.FirstOrDefault(f => f.StartsWith("samesite=", StringComparison.Ordinal)) switch
        {
            "samesite=strict" => "Strict",
            "samesite=lax" => "Lax",
            "samesite=none" => "None",
            _ => null,
        };
        var at = attributes.FindIndex(1, a => Is(a.Name, "samesite"));
        if (site is null)
        {
            if (flags.Contains("nosamesite"))
                attributes.RemoveAll(a => Is(a.Name, "samesite"));
        }
        else if (at < 0)
        {
            attributes.Add(("SameSite"u8.ToArray(), Latin1.Bytes(site)));
        }
        else if (!Is(attributes[at].Value ?? [], site))
        {
            attributes[at] = ("SameSite"u8.ToArray(), Latin1.Bytes(site));
        }
        return !before.AsSpan().SequenceEqual(Text(attributes));
    }

    // An attribute without value.
    private static void Switch(List<(byte[] Name, byte[]? Value)> attributes, List<string> flags, string name)
    {
        var small = Latin1.Lower(name);
        var at = attributes.FindIndex(1, a => Is(a.Name, small));
        if (flags.Contains(small))
        {
            if (at < 0)
                attributes.Add((Latin1.Bytes(name), null));
        }
        else if (at >= 0 && flags.Contains("no" + small))
        {
            attributes.RemoveAll(a => Is(a.Name, small));
        }
    }

    private static byte[] Text(List<(byte[] Name, byte[]? Value)> attributes)
    {
        var text = new List<byte>();
        foreach (var (name, value) in attributes)
        {
            if (text.Count > 0)
                text.AddRange("; "u8);
            text.AddRange(name);
            if (value is null)
                continue;
            text.Add((byte)'=');
            text.AddRange(value);
        }
        return [.. text];
    }

    private static bool Is(byte[] name, string text) => Ascii.EqualsIgnoreCase(name, text);
}
