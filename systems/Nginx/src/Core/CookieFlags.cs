namespace Microcosm.Nginx;

/// <summary><c>proxy_cookie_flags</c>: rules in order; the first that fits a cookie's name counts.</summary>
internal sealed class CookieFlags
{
    private readonly List<CookieFlag> _rules = [];

    /// <summary><c>off</c>.</summary>
    public static CookieFlags Off { get; } = new();

    public IReadOnlyList<CookieFlag> Rules => _rules;

    public void Add(CookieFlag rule) => _rules.Add(rule);
}
