namespace Microcosm.Nginx;

/// <summary>
/// A place for a value on each level of the configuration. A level without a value of its own has that of the level around it.
/// </summary>
internal abstract class Setting(string name)
{
    private static int s_count;

    /// <summary>The directive's name.</summary>
    public string Name { get; } = name;

    /// <summary>Its place in <see cref="Level"/>.</summary>
    public int Index { get; } = Interlocked.Increment(ref s_count) - 1;

    public static int Count => Volatile.Read(ref s_count);
}
