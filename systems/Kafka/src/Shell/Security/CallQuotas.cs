namespace Microcosm.Kafka;

/// <summary>What calls use of their clients' quotas (KIP-13, KIP-124, KIP-599). Brokers have none.</summary>
internal static class CallQuotas
{
    /// <summary>Counts bytes or percents; gives for how long its client is to be muted, in ms.</summary>
    public static long Use(this KafkaCall call, ClientQuotaType type, double value)
    {
        if (call.Client.Listener.IsInternal)
            return 0;
        var throttleMs = call.Broker.Security.ClientQuotas.Record(type, call.Client.User, call.ClientId, value, call.Broker.NowMs);
        call.ThrottleMs = Math.Max(call.ThrottleMs, throttleMs);
        return throttleMs;
    }

    /// <summary>Takes back what was counted and is not sent.</summary>
    public static void TakeBack(this KafkaCall call, ClientQuotaType type, long bytes) =>
        call.Broker.Security.ClientQuotas.RecordOnly(type, call.Client.User, call.ClientId, -bytes, call.Broker.NowMs);

    /// <summary>The most bytes that one fetch may have.</summary>
    public static int FetchBytesMax(this KafkaCall call) => call.Client.Listener.IsInternal ? int.MaxValue : (int)Math.Min(
        call.Broker.Options.FetchMaxBytes,
        call.Broker.Security.ClientQuotas.MaxInWindow(ClientQuotaType.Fetch, call.Client.User, call.ClientId));

    /// <summary>Counts partitions to be created or deleted. False: it is to be refused with THROTTLING_QUOTA_EXCEEDED.</summary>
    /// <param name="strictFrom">First version of the request that knows this refusal; the client of an older one is muted instead.</param>
    public static bool MayMutate(this KafkaCall call, long partitions, short strictFrom)
    {
        if (call.Client.Listener.IsInternal)
            return true;
        var isStrict = call.Version >= strictFrom;
        var throttleMs = call.Broker.Security.ClientQuotas.RecordMutations(
            call.Client.User, call.ClientId, partitions, isStrict, call.Broker.NowMs);
        call.ThrottleMs = Math.Max(call.ThrottleMs, throttleMs);
        return throttleMs == 0 || !isStrict;
    }

    /// <summary>The call is answered: counts the time that it took, and gives for how long its client is muted from now on.</summary>
    public static int Settle(this KafkaCall call)
    {
        call.Use(ClientQuotaType.Request, call.TookSeconds * 100);
        return (int)Math.Min(call.ThrottleMs, int.MaxValue);
    }
}
