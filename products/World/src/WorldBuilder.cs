using Microcosm.Runtime;

namespace Microcosm;

/// <summary>Says what a world consists of; systems add themselves (<c>w.AddRedis()</c>).</summary>
public sealed class WorldBuilder : IWorldBuilder
{
    private readonly List<SystemDefinition> _systems = [];

    /// <summary>How the world is made.</summary>
    public WorldOptions Options { get; } = new();

    internal IReadOnlyList<SystemDefinition> Systems => _systems;

    /// <inheritdoc/>
    public IWorldBuilder Add(SystemDefinition system)
    {
        if (_systems.Any(s => s.Name == system.Name))
            throw new ArgumentException($"The world has a system '{system.Name}' already");
        _systems.Add(system);
        return this;
    }
}
