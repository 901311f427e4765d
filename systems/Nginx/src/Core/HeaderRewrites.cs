namespace Microcosm.Nginx;

/// <summary>Rules in order; the first that fits changes the value.</summary>
internal sealed class HeaderRewrites
{
    private readonly List<HeaderRewrite> _rules = [];

    /// <summary><c>off</c>.</summary>
    public static HeaderRewrites Off { get; } = new();

    public IReadOnlyList<HeaderRewrite> Rules => _rules;

    public void Add(HeaderRewrite rule) => _rules.Add(rule);
}
