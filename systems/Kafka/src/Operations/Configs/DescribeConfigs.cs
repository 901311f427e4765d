namespace Microcosm.Kafka;

/// <summary>DescribeConfigs: of topics, groups, and of the broker that is asked. Loggers and client metrics are refused.</summary>
internal static class DescribeConfigs
{
    [KafkaOperation("DescribeConfigs", 32, 1, 4, FlexibleFrom = 4)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<DescribeConfigsRequest>();
        var descriptions = new ConfigDescriptions(call.Broker.Settings.Configs, request.IncludeSynonyms, request.IncludeDocumentation);
        call.Reply(new DescribeConfigsResponse
        {
            Results = [.. request.Resources.Select(r => Describe(
                call, descriptions, new((ConfigResourceType)(byte)r.ResourceType, r.ResourceName), r.ConfigurationKeys))],
        });
        return ValueTask.CompletedTask;
    }

    private static DescribeConfigsResponse.DescribeConfigsResult Describe(
        KafkaCall call, ConfigDescriptions descriptions, ConfigResource resource, IReadOnlyCollection<string>? names) =>
        call.CheckConfigs(AclOperation.DescribeConfigs, resource) is var refused && refused == KafkaError.None
            ? descriptions.Describe(resource, names)
            : new()
            {
                ErrorCode = (short)refused, ErrorMessage = KafkaErrors.Message(refused), ResourceType = (sbyte)resource.Type,
                ResourceName = resource.Name,
            };
}
