namespace Microcosm.Simulation;

/// <summary>
/// Marks rare paths in tests and workloads, so that a run can tell whether its faults ever led there (FoundationDB's CODE_PROBE).
/// Counts are kept for each simulation, on its own thread.
/// </summary>
public static class Probe
{
    [ThreadStatic]
    private static SortedDictionary<string, long>? s_counts;

    /// <summary>Counts one passage; does nothing outside of a simulation.</summary>
    public static void Hit(string name)
    {
        if (s_counts is { } counts)
            counts[name] = counts.GetValueOrDefault(name) + 1;
    }

    internal static SortedDictionary<string, long> Begin() => s_counts = new(StringComparer.Ordinal);

    internal static void End() => s_counts = null;
}
