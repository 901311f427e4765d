namespace Microcosm.Kafka;

/// <summary>AlterUserScramCredentials (KIP-554): each user for itself.</summary>
internal static class AlterUserScramCredentials
{
    [KafkaOperation("AlterUserScramCredentials", 51, 0, 0, FlexibleFrom = 0)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<AlterUserScramCredentialsRequest>();
        var alterations = new ScramAlterations(request);
        if (!call.MayCluster(AclOperation.Alter))
            call.Reply(alterations.Refuse(new MetadataResult(KafkaError.ClusterAuthorizationFailed)));
        else if (alterations.Command is not { } command)
            call.Reply(alterations.Answer([]));
        else
        {
            var result = await call.Broker.ProposeAsync(command);
            call.Reply(result is MetadataResults results ? alterations.Answer(results.Parts) : alterations.Refuse(result));
        }
    }
}
