namespace Microcosm.Kafka;

/// <summary>A response that says for how long its client is muted (KIP-219).</summary>
internal interface IThrottled
{
    /// <summary>0 if it is not.</summary>
    int ThrottleTimeMs { get; set; }
}
