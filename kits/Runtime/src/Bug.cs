namespace Microcosm.Runtime;

/// <summary>
/// Bugs on purpose, to prove that the simulator finds them. Where a system could be wrong it says how, beside the code that is right:
/// <code>if (!Bug.IsPlanted("redis/ack-before-sync")) await log.SyncAsync();</code>
/// In a normal build <see cref="IsPlanted"/> is the constant false, which the JIT and the AOT compiler fold, and nothing can plant.
/// A test project that sets <c>PlantsBugs</c> gets everything it references compiled a second time, with PLANTED_BUGS
/// (docs/decisions/0003-planted-bugs.md). There bugs are planted by name, on the planting thread only.
/// </summary>
public static class Bug
{
#if PLANTED_BUGS
    [ThreadStatic]
    private static string[]? s_planted;

    /// <summary>True in a build that can plant bugs.</summary>
    public static bool CanPlant => true;

    /// <summary>True if the bug called <paramref name="name"/> (<c>system/what-is-wrong</c>) is to happen on this thread.</summary>
    public static bool IsPlanted(string name) => s_planted is { } planted && Array.IndexOf(planted, name) >= 0;

    /// <summary>Plants bugs on this thread until the result is disposed; they replace those planted before.</summary>
    public static IDisposable Plant(params IEnumerable<string> names)
    {
        var planting = new Planting(s_planted);
        s_planted = [.. names];
        return planting;
    }

    private sealed class Planting(string[]? before) : IDisposable
    {
        public void Dispose() => s_planted = before;
    }
#else
    /// <summary>False: this build cannot plant bugs.</summary>
    public static bool CanPlant => false;

    /// <summary>False.</summary>
    public static bool IsPlanted(string name) => false;

    /// <summary>Throws <see cref="NotSupportedException"/> unless there is nothing to plant.</summary>
    public static IDisposable Plant(params IEnumerable<string> names) =>
        names.Any() ? throw new NotSupportedException("This build cannot plant bugs: build the test project with PlantsBugs.")
            : new Nothing();

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
#endif
}
