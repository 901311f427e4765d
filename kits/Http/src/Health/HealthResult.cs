namespace Microcosm.Http;

/// <summary>How a check ended.</summary>
/// <param name="Fault">What was wrong; null for a pass. As the end of a sentence: "connecting", "checking status code".</param>
public readonly record struct HealthResult(string? Fault)
{
    /// <summary>It passed.</summary>
    public bool HasPassed => Fault is null;
}
