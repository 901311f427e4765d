namespace Microcosm.Runtime;

/// <summary>How one direction of a link behaves.</summary>
/// <param name="IsCut">Bytes are kept back and new connections hang until the link heals (a black hole, as a partition is).</param>
/// <param name="LatencyMs">Delay of every delivery.</param>
/// <param name="JitterMs">Up to this much more, by seed.</param>
/// <param name="BytesPerSecond">Bandwidth; 0 is unlimited.</param>
public sealed record LinkState(bool IsCut = false, double LatencyMs = 0, double JitterMs = 0, long BytesPerSecond = 0)
{
    /// <summary>An undisturbed link.</summary>
    public static LinkState Up { get; } = new();
}
