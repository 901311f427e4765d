namespace Microcosm.Nginx;

/// <summary>
/// A variable that the configuration names, as all its uses see it: one object, one place in a request's values. Where its value comes from
/// is known once the whole configuration is read.
/// </summary>
internal sealed class Variable(string name, int index)
{
    /// <summary>Without the dollar sign, small letters.</summary>
    public string Name { get; } = name;

    /// <summary>Its place among a request's values.</summary>
    public int Index { get; } = index;

    /// <summary>Where the value comes from; null only while the configuration is read.</summary>
    public VariableOrigin? Origin { get; set; }

    public bool IsNoCacheable => Origin!.IsNoCacheable;
}
