namespace Microcosm.Nginx;

/// <summary>A cookie by its name or a pattern, and the flags that it gets or loses.</summary>
internal sealed record CookieFlag(ComplexValue? Name, VariablePattern? Pattern, IReadOnlyList<ComplexValue> Flags);
