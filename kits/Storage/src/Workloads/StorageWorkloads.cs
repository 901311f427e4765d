using Microcosm.Simulation;

namespace Microcosm.Storage;

/// <summary>What this kit is tried with in simulation; for <c>cosm sim</c>.</summary>
public static class StorageWorkloads
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<WorkloadDefinition> All { get; } =
    [
        new("storage-log", "A log and a state file under crashes, also in syncs: nothing acknowledged is lost, nothing else is there",
            () => new LogWorkload()),
    ];
}
