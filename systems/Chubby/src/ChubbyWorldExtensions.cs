using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>Adds Chubby to a world.</summary>
public static class ChubbyWorldExtensions
{
    /// <summary>Adds a cell, <c>chubby-1</c> and on.</summary>
    public static IWorldBuilder AddChubby(this IWorldBuilder world, Action<ChubbyOptions>? configure = null)
    {
        var options = new ChubbyOptions();
        configure?.Invoke(options);
        return world.Add(new ChubbySystem(options));
    }
}
