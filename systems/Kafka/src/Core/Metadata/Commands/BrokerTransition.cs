namespace Microcosm.Kafka;

/// <summary>What happens to a registered broker.</summary>
internal enum BrokerTransition : byte
{
    /// <summary>It has caught up and may lead.</summary>
    Unfence,

    /// <summary>It is silent, or has stopped: it leaves its ISRs and leads nothing.</summary>
    Fence,

    /// <summary>It wants to stop: others take over what they can lead.</summary>
    ShutDown,
}
