using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>A system, as a list of systems has it; <see cref="ICatalogedSystem"/> says what the members mean.</summary>
public sealed record CatalogEntry(
    string Name, string? FaceOf, IReadOnlyList<WorkloadDefinition> Workloads, Func<SystemDefinition> Create,
    Func<string, SystemDefinition>? External)
{
    /// <summary>Reads what a door says.</summary>
    public static CatalogEntry Of<TSystem>()
        where TSystem : ICatalogedSystem =>
        new(TSystem.UsualName, TSystem.FaceOf, TSystem.Workloads, TSystem.Create, TSystem.External);

    /// <summary>Entries in ordinal order of names.</summary>
    public static IReadOnlyList<CatalogEntry> InOrder(params IEnumerable<CatalogEntry> entries) =>
        [.. entries.OrderBy(e => e.Name, StringComparer.Ordinal)];
}
