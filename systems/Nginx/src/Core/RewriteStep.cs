namespace Microcosm.Nginx;

/// <summary>One directive of the rewrite module.</summary>
internal abstract record RewriteStep
{
    /// <summary><c>rewrite PATTERN REPLACEMENT [flag]</c>.</summary>
    /// <param name="Path">The replacement up to its first question mark.</param>
    /// <param name="Arguments">What follows the question mark; null without one, or when the whole is a redirect's URL.</param>
    /// <param name="AddsArguments">The request's own arguments are added (the replacement does not end with <c>?</c>).</param>
    /// <param name="Status">301 or 302 for a redirect; 0 otherwise.</param>
    /// <param name="IsLast">Ends the program.</param>
    /// <param name="IsBreak">Ends the program and the search for another location.</param>
    public sealed record Rewrite(
        VariablePattern Pattern, ComplexValue Path, ComplexValue? Arguments, bool AddsArguments, int Status, bool IsLast, bool IsBreak)
        : RewriteStep;

    /// <summary><c>return CODE [text]</c>.</summary>
    public sealed record Return(int Status, ComplexValue? Text) : RewriteStep;

    public sealed record Break : RewriteStep;

    public sealed record Set(Variable Variable, ComplexValue Value) : RewriteStep;

    /// <summary><c>if</c>: where the condition holds its steps run, and in a location its settings hold from there on.</summary>
    public sealed record If(RewriteCondition Condition, LocationDraft Block) : RewriteStep
    {
        public IReadOnlyList<RewriteStep> Steps => Block.Steps;

        /// <summary>Null on a server's level, where an <c>if</c> changes no settings.</summary>
        public HttpLocation? Location => Block.Outer!.Kind == LocationKind.Server ? null : Block.Made;
    }
}
