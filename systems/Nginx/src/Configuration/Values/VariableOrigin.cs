namespace Microcosm.Nginx;

/// <summary>Where a variable's value comes from.</summary>
internal abstract record VariableOrigin(VariableFlags Flags)
{
    public bool IsNoCacheable => (Flags & VariableFlags.NoCacheable) != 0;

    /// <summary>The request's own: <c>uri</c>. <paramref name="Id"/> is its place in the module's table of built-in variables.</summary>
    public sealed record BuiltIn(string Name, int Id, VariableFlags Flags) : VariableOrigin(Flags);

    /// <summary>One of a family: <c>arg_name</c> is <c>arg_</c> with <paramref name="Suffix"/> <c>name</c>.</summary>
    public sealed record Family(string Prefix, int Id, byte[] Suffix, VariableFlags Flags) : VariableOrigin(Flags);

    /// <summary>Computed from other values: map, geo, split_clients.</summary>
    public sealed record Computed(IVariableFormula Formula, VariableFlags Flags) : VariableOrigin(Flags);

    /// <summary>Only <c>set</c> and the like give it one: empty until then.</summary>
    public sealed record Assigned(VariableFlags Flags) : VariableOrigin(Flags);

    /// <summary>A named capture: not found until its pattern matched.</summary>
    public sealed record Captured(VariableFlags Flags) : VariableOrigin(Flags);
}
