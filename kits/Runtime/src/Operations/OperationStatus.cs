namespace Microcosm.Runtime;

/// <summary>How much of an operation is implemented.</summary>
public enum OperationStatus
{
    /// <summary>As the peer does it.</summary>
    Full,

    /// <summary>Something is missing; the attribute's Deviation says what, and using it is refused loudly.</summary>
    Partial,

    /// <summary>Known and refused with the peer's error.</summary>
    Refused,
}
