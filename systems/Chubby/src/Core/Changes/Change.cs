namespace Microcosm.Chubby;

/// <summary>
/// A change of the cell's state: what members agree on and apply in one order. It decides by the state alone, so that every member decides
/// the same. On a refusal it has changed nothing.
/// </summary>
internal abstract record Change
{
    /// <summary>Which kind it is in the log; never given to another kind.</summary>
    public abstract ChangeKind Kind { get; }

    public abstract ChangeResult Apply(ChangeScope scope);

    /// <summary>Writes what the log holds of it, behind the kind.</summary>
    public abstract void Write(JuteWriter writer);
}
