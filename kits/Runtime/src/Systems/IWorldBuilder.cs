namespace Microcosm.Runtime;

/// <summary>
/// What a system needs to join a world. Each system adds itself by an extension method in its own package:
/// <c>World.StartAsync(w =&gt; w.AddRedis())</c>.
/// </summary>
public interface IWorldBuilder
{
    /// <summary>Adds a system. Throws <see cref="ArgumentException"/> if one of that name is there.</summary>
    IWorldBuilder Add(SystemDefinition system);
}
