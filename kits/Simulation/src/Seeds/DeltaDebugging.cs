namespace Microcosm.Simulation;

/// <summary>
/// Shrinks a list that makes a test fail to one of which no single item can be spared (Zeller and Hildebrandt, "Simplifying and
/// isolating failure-inducing input", TSE 2002: ddmin, removal only).
/// </summary>
internal static class DeltaDebugging
{
    /// <summary>
    /// Removes halves, then quarters, down to single items, for as long as <paramref name="stillFails"/> holds of what is left.
    /// The full list is taken to fail and is not tried.
    /// </summary>
    public static IReadOnlyList<T> Minimize<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, bool> stillFails)
    {
        if (items.Count == 0 || stillFails([]))
            return [];
        List<T> kept = [.. items];
        var chunk = (kept.Count + 1) / 2;
        while (true)
        {
            var removed = false;
            for (var start = 0; start < kept.Count && kept.Count > 1;)
            {
                List<T> rest = [.. kept.Take(start), .. kept.Skip(start + chunk)];
                if (rest.Count < kept.Count && rest.Count > 0 && stillFails(rest))
                {
                    kept = rest;
                    removed = true;
                }
                else
                {
                    start += chunk;
                }
            }
            if (chunk == 1 && !removed)
                return kept;
            chunk = chunk == 1 ? 1 : (chunk + 1) / 2;
        }
    }
}
