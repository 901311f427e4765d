namespace Microcosm.Nginx;

/// <summary>The directives of the rewrite module in one server or location, in order.</summary>
internal sealed record RewriteProgram(IReadOnlyList<RewriteStep> Steps);
