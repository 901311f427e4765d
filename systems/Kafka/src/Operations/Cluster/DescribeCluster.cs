namespace Microcosm.Kafka;

/// <summary>DescribeCluster (KIP-700): the brokers, as this client reaches them.</summary>
internal static class DescribeCluster
{
    private const sbyte Brokers = 1;

    [KafkaOperation("DescribeCluster", 60, 0, 1, FlexibleFrom = 0)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<DescribeClusterRequest>();
        var response = new DescribeClusterResponse { EndpointType = request.EndpointType, ClusterId = call.Broker.ClusterId };
        if (request.EndpointType != Brokers)
        {
            response.ErrorCode = (short)KafkaError.MismatchedEndpointType;
            response.ErrorMessage = "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER";
        }
        else
        {
            response.ClusterAuthorizedOperations = AuthorizedOperations(call, request.IncludeClusterAuthorizedOperations);
            response.ControllerId = call.Broker.Controller.Id;
            foreach (var broker in call.Broker.Cluster.Brokers.Values.Where(b => !b.IsFenced))
            {
                if (ClientEndpoints.Of(broker, call.Client.Listener) is { } at)
                    response.Brokers.Add(new() { BrokerId = broker.Id, Host = at.Host, Port = at.Port, Rack = broker.Rack });
            }
        }
        call.Reply(response);
        return ValueTask.CompletedTask;
    }

    /// <summary>Of the cluster (KIP-430): int.MinValue where the client does not ask, 0 where it may not know.</summary>
    public static int AuthorizedOperations(KafkaCall call, bool isAsked) =>
        !isAsked ? int.MinValue : !call.MayCluster(AclOperation.Describe) ? 0
        : call.AllowedOperations(AclResourceType.Cluster, AclResources.ClusterName);
}
