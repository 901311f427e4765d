namespace Microcosm.Simulation;

/// <summary>How a system failed to keep what it was given.</summary>
public enum DurabilityViolationKind
{
    /// <summary>Acknowledged and gone.</summary>
    Lost,

    /// <summary>There, though nobody wrote it.</summary>
    Invented,

    /// <summary>Written once and there twice.</summary>
    Duplicated,

    /// <summary>Acknowledged before another was begun, and behind it.</summary>
    Reordered,
}
