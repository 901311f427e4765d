namespace Microcosm.Nginx;

/// <summary>One rule that changes a header's value: a prefix or a pattern, and what comes in its place.</summary>
internal sealed record HeaderRewrite(ComplexValue? Prefix, VariablePattern? Pattern, ComplexValue Replacement);
