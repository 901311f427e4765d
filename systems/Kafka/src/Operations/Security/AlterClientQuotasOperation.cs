namespace Microcosm.Kafka;

/// <summary>AlterClientQuotas (KIP-546): each entity for itself.</summary>
internal static class AlterClientQuotasOperation
{
    [KafkaOperation("AlterClientQuotas", 49, 0, 1, FlexibleFrom = 1)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<AlterClientQuotasRequest>();
        var isAllowed = call.MayCluster(AclOperation.AlterConfigs);
        var response = new AlterClientQuotasResponse();
        foreach (var alteration in QuotaAlterations.Of(request))
        {
            if (!isAllowed)
                response.Entries.Add((alteration with { Result = Refused }).Answer(Refused));
            else if (alteration.Command is not { } command || request.ValidateOnly)
                response.Entries.Add(alteration.Answer(alteration.Result));
            else
                response.Entries.Add(alteration.Answer(await call.Broker.ProposeAsync(command, isRepeatable: true)));
        }
        call.Reply(response);
    }

    private static MetadataResult Refused { get; } =
        new(KafkaError.ClusterAuthorizationFailed, KafkaErrors.Message(KafkaError.ClusterAuthorizationFailed));
}
