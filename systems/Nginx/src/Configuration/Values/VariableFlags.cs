namespace Microcosm.Nginx;

/// <summary>What a declaration says of a variable, in nginx' words.</summary>
[Flags]
internal enum VariableFlags
{
    None = 0,

    /// <summary><c>set</c>, <c>map</c> and the like may declare it again.</summary>
    Changeable = 1,

    /// <summary>Its value is asked for anew each time.</summary>
    NoCacheable = 2,

    /// <summary>The name is the beginning of a family's names: <c>arg_</c>.</summary>
    Prefix = 4,

    /// <summary>A declaration of this kind gives way to a family of the same name.</summary>
    Weak = 8,

    /// <summary>It may be assigned: the assignment goes to the request (<c>limit_rate</c>, <c>args</c>).</summary>
    Assignable = 16,
}
