using Microcosm.Runtime;

namespace Microcosm.Specimen;

/// <summary>Adds Specimen to a world.</summary>
public static class SpecimenWorldExtensions
{
    /// <summary>Adds one server, <c>specimen-1</c>.</summary>
    public static IWorldBuilder AddSpecimen(this IWorldBuilder world, Action<SpecimenOptions>? configure = null)
    {
        var options = new SpecimenOptions();
        configure?.Invoke(options);
        return world.Add(new SpecimenSystem(options));
    }
}
