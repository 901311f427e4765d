namespace Microcosm.Chubby.Client;

/// <summary>Something that happened, told after the fact.</summary>
/// <param name="Kind">One of the events.</param>
/// <param name="Path">The file that the handle is of.</param>
/// <param name="Child">The child's name, where it is about one; else empty.</param>
public readonly record struct ChubbyEvent(ChubbyEvents Kind, string Path, string Child);
