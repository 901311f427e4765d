namespace Microcosm.Kafka;

/// <summary>One entity's part of AlterClientQuotas.</summary>
/// <param name="Command">Null: there is nothing to do.</param>
/// <param name="Result">What is answered, unless the command is refused.</param>
internal sealed record QuotaAlteration(AlterClientQuotasRequest.EntryData Entry, AlterClientQuotas? Command, MetadataResult Result)
{
    /// <param name="result">The command's; <see cref="Result"/> if there was none.</param>
    public AlterClientQuotasResponse.EntryData Answer(MetadataResult result) => new()
    {
        ErrorCode = (short)(Result.Error == KafkaError.None ? result : Result).Error,
        ErrorMessage = (Result.Error == KafkaError.None ? result : Result).Message,
        Entity = [.. Entry.Entity.Select(e => new AlterClientQuotasResponse.EntityData
        {
            EntityType = e.EntityType, EntityName = e.EntityName,
        })],
    };
}
