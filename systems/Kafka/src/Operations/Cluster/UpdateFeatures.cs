namespace Microcosm.Kafka;

/// <summary>UpdateFeatures (KIP-584): the levels that the cluster has are the only ones it can have.</summary>
internal static class UpdateFeatures
{
    [KafkaOperation("UpdateFeatures", 57, 0, 2, FlexibleFrom = 0, Status = Runtime.OperationStatus.Partial,
        Deviation = "any change of a level is refused")]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<UpdateFeaturesRequest>();
        if (call.CheckCluster(AclOperation.Alter) is var refused && refused != KafkaError.None)
        {
            call.Reply(new UpdateFeaturesResponse { ErrorCode = (short)refused, ErrorMessage = KafkaErrors.Message(refused) });
            return ValueTask.CompletedTask;
        }
        var results = request.FeatureUpdates.Select(u => new UpdateFeaturesResponse.UpdatableFeatureResult
        {
            Feature = u.Feature,
            ErrorCode = (short)(WhyNot(u) is null ? KafkaError.None : KafkaError.InvalidUpdateVersion),
            ErrorMessage = WhyNot(u),
        }).ToList();
        var failed = results.Find(r => r.ErrorCode != 0);
        call.Reply(new UpdateFeaturesResponse
        {
            // From version 2 on one refusal is that of all.
            ErrorCode = call.Version >= 2 ? failed?.ErrorCode ?? 0 : (short)0,
            ErrorMessage = call.Version >= 2 ? failed?.ErrorMessage : null,
            Results = call.Version >= 2 ? [] : results,
        });
        return ValueTask.CompletedTask;
    }

    private static string? WhyNot(UpdateFeaturesRequest.FeatureUpdateKey update)
    {
        if (Features.All.FirstOrDefault(f => f.Name == update.Feature) is not { Name: not null } feature)
            return $"Invalid update version {update.MaxVersionLevel} for feature {update.Feature}. No controllers support this feature.";
        return update.MaxVersionLevel == feature.Level ? null
            : $"Invalid update version {update.MaxVersionLevel} for feature {update.Feature}. Local controller 1 only supports versions "
                + $"{feature.Lowest}-{feature.Level}";
    }
}
