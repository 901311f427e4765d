namespace Microcosm.Nginx;

/// <summary>What SSI knows of one request.</summary>
internal sealed class SsiRequest(SsiShared shared)
{
    /// <summary>What it shares with the client's own request.</summary>
    public SsiShared Shared { get; } = shared;

    /// <summary>How dates are written (<c>config timefmt</c>), as strftime has it.</summary>
    public string TimeFormat { get; set; } = "%A, %d-%b-%Y %H:%M:%S %Z";

    /// <summary>What stands in the place of the response where that is empty or a status without content; null for nothing.</summary>
    public byte[]? Stub { get; set; }
}
