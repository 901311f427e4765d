namespace Microcosm.Runtime;

/// <summary>
/// Marks what bounds a frame, a key, a queue, a number of connections. A test passes the limit and says so by
/// <c>[Trait("Limit", "maxclients")]</c>; eng/Tidy demands one for each.
/// </summary>
/// <param name="name">As users set it, or as the code calls it where they cannot.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class LimitAttribute(string name) : Attribute
{
    /// <summary>As users set it, or as the code calls it where they cannot.</summary>
    public string Name { get; } = name;
}
