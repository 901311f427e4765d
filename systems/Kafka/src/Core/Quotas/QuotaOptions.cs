namespace Microcosm.Kafka;

/// <summary>The broker's settings of quotas, as Kafka names them.</summary>
internal sealed record QuotaOptions
{
    /// <summary>quota.window.num: samples kept, the current one included.</summary>
    public int WindowNum { get; init; } = 11;

    /// <summary>quota.window.size.seconds, in ms.</summary>
    public int WindowMs { get; init; } = 1_000;

    /// <summary>controller.quota.window.num.</summary>
    public int ControllerWindowNum { get; init; } = 11;

    /// <summary>controller.quota.window.size.seconds, in ms.</summary>
    public int ControllerWindowMs { get; init; } = 1_000;
}
