namespace Microcosm.Kafka;

/// <summary>AlterConfigs, the older way: what is given replaces all that the resource has.</summary>
internal static class AlterConfigsOperation
{
    [KafkaOperation("AlterConfigs", 33, 0, 2, FlexibleFrom = 2)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<AlterConfigsRequest>();
        var wanted = request.Resources.Select(r =>
        {
            var resource = ConfigAlteration.ResourceOf(r.ResourceType, r.ResourceName);
            return (resource, ConfigValidation.Replacing(call.Broker.Cluster, resource, [.. r.Configs.Select(c => (c.Name, c.Value))]));
        });
        var results = await ConfigAlteration.AlterAsync(call, [.. wanted], request.ValidateOnly);
        call.Reply(new AlterConfigsResponse
        {
            Responses = [.. request.Resources.Select((r, i) => new AlterConfigsResponse.AlterConfigsResourceResponse
            {
                ErrorCode = (short)results[i].Error,
                ErrorMessage = results[i].Text,
                ResourceType = r.ResourceType,
                ResourceName = r.ResourceName,
            })],
        });
    }
}
