namespace Microcosm.Kafka;

/// <summary>BrokerHeartbeat (KIP-631): a broker shows the controller that it lives. Registration and fencing themselves are commands of the
/// metadata's log.</summary>
internal static class BrokerHeartbeat
{
    [KafkaOperation("BrokerHeartbeat", 63, 0, 1, FlexibleFrom = 0, IsInternal = true)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<BrokerHeartbeatRequest>();
        var controller = call.Broker.Controller;
        var error = controller.Heard(request.BrokerId, request.BrokerEpoch);
        if (error == KafkaError.None && call.Client.HeartbeatOf is null)
        {
            call.Client.HeartbeatOf = request.BrokerId;
            call.Client.Ended += () => controller.Lost(request.BrokerId, request.BrokerEpoch);
        }
        call.Reply(new BrokerHeartbeatResponse
        {
            ErrorCode = (short)error,
            IsCaughtUp = true,
            IsFenced = !call.Broker.Cluster.Brokers.TryGetValue(request.BrokerId, out var broker) || broker.IsFenced,
        });
        return ValueTask.CompletedTask;
    }
}
