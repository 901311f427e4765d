using System.Text;

namespace Microcosm.Nginx;

/// <summary><c>proxy_redirect</c>, and the same rules for the parts of cookies: the first rule that fits changes the value.</summary>
internal static class RedirectRewriting
{
    /// <summary>The new value; null where no rule fits.</summary>
    /// <param name="prefix">Bytes before the URL, which stay.</param>
    /// <param name="isDomain">Rules name whole domains, in whatever case; the dot before one stays.</param>
    public static byte[]? Apply(
        IEnumerable<HeaderRewrite> rules, RequestValues values, ReadOnlySpan<byte> value, int prefix = 0, bool isDomain = false)
    {
        foreach (var rule in rules)
        {
            if (ApplyOne(rule, values, value, prefix, isDomain) is { } changed)
                return changed;
        }
        return null;
    }

    private static byte[]? ApplyOne(HeaderRewrite rule, RequestValues values, ReadOnlySpan<byte> value, int prefix, bool isDomain)
    {
        var kept = value[..prefix];
        var text = value[prefix..];
        if (rule.Pattern is { } pattern)
            return pattern.Match(text, values) ? [.. kept, .. rule.Replacement.Evaluate(values).Span] : null;
        var begin = rule.Prefix!.Evaluate(values).Span;
        if (isDomain)
        {
            var dot = text is [(byte)'.', ..] ? 1 : 0;
            return Ascii.EqualsIgnoreCase(text[dot..], begin) ? [.. text[..dot], .. rule.Replacement.Evaluate(values).Span] : null;
        }
        return text.StartsWith(begin) ? [.. kept, .. rule.Replacement.Evaluate(values).Span, .. text[begin.Length..]] : null;
    }
}
