namespace Microcosm.Nginx;

/// <summary>A shared memory zone of nginx; here a name for state that outlives a reload, with the size that bounds it.</summary>
internal sealed class SharedZone(string name, string use)
{
    public string Name { get; } = name;

    /// <summary>The module that it belongs to.</summary>
    public string Use { get; } = use;

    /// <summary>Bytes; 0 until it is declared.</summary>
    public long Size { get; set; }

    /// <summary>What the declaration says.</summary>
    public object? Definition { get; set; }

    /// <summary>What it holds while nginx runs, shared by the workers.</summary>
    public object? State { get; set; }
}
