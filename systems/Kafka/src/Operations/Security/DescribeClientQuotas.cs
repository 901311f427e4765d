namespace Microcosm.Kafka;

/// <summary>DescribeClientQuotas (KIP-546).</summary>
internal static class DescribeClientQuotas
{
    [KafkaOperation("DescribeClientQuotas", 48, 0, 1, FlexibleFrom = 1)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<DescribeClientQuotasRequest>();
        call.Reply(call.MayCluster(AclOperation.DescribeConfigs) ? QuotaFilter.Describe(call.Broker.Cluster, request)
            : new DescribeClientQuotasResponse
            {
                ErrorCode = (short)KafkaError.ClusterAuthorizationFailed, ErrorMessage = null, Entries = null,
            });
        return ValueTask.CompletedTask;
    }
}
