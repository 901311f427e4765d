namespace Microcosm.Kafka;

/// <summary>IncrementalAlterConfigs (KIP-339): each resource's changes together or not at all.</summary>
internal static class IncrementalAlterConfigs
{
    [KafkaOperation("IncrementalAlterConfigs", 44, 0, 1, FlexibleFrom = 1)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<IncrementalAlterConfigsRequest>();
        var wanted = request.Resources.Select(r => (ConfigAlteration.ResourceOf(r.ResourceType, r.ResourceName), ChangesOf(r)));
        var results = await ConfigAlteration.AlterAsync(call, [.. wanted], request.ValidateOnly);
        call.Reply(new IncrementalAlterConfigsResponse
        {
            Responses = [.. request.Resources.Select((r, i) => new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse
            {
                ErrorCode = (short)results[i].Error,
                ErrorMessage = results[i].Text,
                ResourceType = r.ResourceType,
                ResourceName = r.ResourceName,
            })],
        });
    }

    private static IReadOnlyList<ConfigChange> ChangesOf(IncrementalAlterConfigsRequest.AlterConfigsResource resource) =>
        [.. resource.Configs.Select(c => new ConfigChange(c.Name, (ConfigOperation)(byte)c.ConfigOperation, c.Value))];
}
