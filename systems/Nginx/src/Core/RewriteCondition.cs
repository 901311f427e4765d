namespace Microcosm.Nginx;

/// <summary>The condition of an <c>if</c>.</summary>
internal abstract record RewriteCondition
{
    /// <summary>Neither empty nor <c>0</c>.</summary>
    public sealed record Truth(Variable Variable) : RewriteCondition;

    public sealed record Equal(Variable Variable, ComplexValue Value, bool IsNegated) : RewriteCondition;

    public sealed record Match(Variable Variable, VariablePattern Pattern, bool IsNegated) : RewriteCondition;

    /// <summary><c>-f -d -e -x</c>.</summary>
    public sealed record File(ComplexValue Path, FileTest Test, bool IsNegated) : RewriteCondition;
}
