namespace Microcosm.Simulation;

/// <summary>What a client asks of a register.</summary>
public enum RegisterCall
{
    /// <summary>Answers the value, null for none.</summary>
    Read,

    /// <summary>Replaces the value.</summary>
    Write,

    /// <summary>Replaces the value if it is the expected one; answers whether it did.</summary>
    CompareAndSet,
}
