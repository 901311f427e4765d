namespace Microcosm.Nginx;

/// <summary>What follows from the settings of a level, worked out once for each (<see cref="Level.Get{T}(Derived{T})"/>).</summary>
/// <param name="make">Works it out; may be called more than once, and by several threads.</param>
internal sealed class Derived<T>(Func<Level, T> make) : Setting("")
    where T : class
{
    public T Make(Level level) => make(level);
}
