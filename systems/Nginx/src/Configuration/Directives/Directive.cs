namespace Microcosm.Nginx;

/// <summary>One directive as a module declares it. <paramref name="Apply"/> carries it out when it is read.</summary>
internal sealed record Directive(
    string Name, string Module, Contexts Contexts, Arity Arity, DirectiveKind Kind, Action<DirectiveCall> Apply)
{
    public bool IsBlock => Kind == DirectiveKind.Block;
}
