namespace Microcosm.Nginx;

/// <summary>A setting with the type of its value and what it is where no level has one.</summary>
internal sealed class Setting<T>(string name, T fallback) : Setting(name)
{
    public T Fallback { get; } = fallback;
}
