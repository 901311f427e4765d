namespace Microcosm.Kafka;

/// <summary>DescribeUserScramCredentials (KIP-554): mechanisms and iterations of users, never their keys.</summary>
internal static class DescribeUserScramCredentials
{
    [KafkaOperation("DescribeUserScramCredentials", 50, 0, 0, FlexibleFrom = 0)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<DescribeUserScramCredentialsRequest>();
        call.Reply(call.MayCluster(AclOperation.Describe) ? ScramDescriptions.Describe(call.Broker.Cluster, request)
            : new DescribeUserScramCredentialsResponse { ErrorCode = (short)KafkaError.ClusterAuthorizationFailed, ErrorMessage = null });
        return ValueTask.CompletedTask;
    }
}
