namespace Microcosm.Kafka;

/// <summary>What the client of a call may do.</summary>
internal static class Access
{
    /// <summary>Brokers may do everything, and everybody where there is no authorizer.</summary>
    public static bool May(this KafkaCall call, AclOperation operation, AclResourceType type, string name) =>
        call.Client.Listener.IsInternal || call.Broker.Security.Authorizer is not { } authorizer
        || authorizer.IsAllowed(call.Client.Principal, call.Client.Host, operation, type, name);

    /// <summary>The error of a client that may not do this to the resource, or None.</summary>
    public static KafkaError Check(this KafkaCall call, AclOperation operation, AclResourceType type, string name) =>
        call.May(operation, type, name) ? KafkaError.None : AclResources.Refusal(type);

    public static KafkaError CheckTopic(this KafkaCall call, AclOperation operation, string topic) =>
        call.Check(operation, AclResourceType.Topic, topic);

    public static KafkaError CheckCluster(this KafkaCall call, AclOperation operation) =>
        call.Check(operation, AclResourceType.Cluster, AclResources.ClusterName);

    /// <summary>For configurations: of a topic or group its own right, of brokers and all else the cluster's.</summary>
    public static KafkaError CheckConfigs(this KafkaCall call, AclOperation operation, ConfigResource resource) => resource.Type switch
    {
        ConfigResourceType.Topic => call.CheckTopic(operation, resource.Name),
        ConfigResourceType.Group => call.Check(operation, AclResourceType.Group, resource.Name),
        _ => call.CheckCluster(operation),
    };

    public static bool MayCluster(this KafkaCall call, AclOperation operation) =>
        call.May(operation, AclResourceType.Cluster, AclResources.ClusterName);

    /// <summary>Whether there can be a resource of the type to which the client may do this.</summary>
    public static bool MaySome(this KafkaCall call, AclOperation operation, AclResourceType type) =>
        call.Client.Listener.IsInternal || call.Broker.Security.Authorizer is not { } authorizer
        || authorizer.IsAllowedForSome(call.Client.Principal, call.Client.Host, operation, type);

    /// <summary>The bit field of what the client may do to the resource (KIP-430).</summary>
    public static int AllowedOperations(this KafkaCall call, AclResourceType type, string name) =>
        call.Client.Listener.IsInternal || call.Broker.Security.Authorizer is not { } authorizer
            ? AclResources.AllOperations(type) : authorizer.AllowedOperations(call.Client.Principal, call.Client.Host, type, name);
}
